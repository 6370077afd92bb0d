// SPDX-License-Identifier: MIT
// Objects of that class are never made.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20
#include <mutex>

static std::mutex m;
static int n;

class Sink {
public:
  virtual ~Sink() = default;
  virtual void put(int v) = 0;
};

class Plain : public Sink {
public:
  void put(int v) override { n += v; }
};

class Locking : public Sink {
public:
  void put(int v) override {
    std::lock_guard<std::mutex> l(m);
    n += v;
  }
};

static void feed(Sink &s) {
  std::lock_guard<std::mutex> l(m);
  s.put(1);
}

int main() {
  Plain plain;
  feed(plain);
}
