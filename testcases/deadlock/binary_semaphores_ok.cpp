// SPDX-License-Identifier: MIT
// One order.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20
#include <semaphore>

class Desk {
public:
  void write() {
    pen.acquire();
    paper.acquire();
    ++n;
    paper.release();
    pen.release();
  }
  void read() {
    pen.acquire();
    paper.acquire();
    --n;
    pen.release();
    paper.release();
  }

private:
  std::binary_semaphore pen{1}, paper{1};
  int n = 0;
};

Desk desk;
void write() { desk.write(); }
void read() { desk.read(); }
