// SPDX-License-Identifier: MIT
// adopt_lock behind lock().
// RUN: %gordian check --rule data-race=off %s -- -std=c++20
#include <mutex>

class Door {
public:
  void open() {
    m.lock();
    std::lock_guard<std::mutex> l(m, std::adopt_lock);
    ++n;
  }
  void close() {
    std::lock_guard<std::mutex> l(m);
    --n;
  }

private:
  std::mutex m;
  int n = 0;
};

Door door;
void open() { door.open(); }
void close() { door.close(); }
