// SPDX-License-Identifier: MIT
// An overrider of a class that is constructed locks.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [non-reentrant-reacquire]
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
    std::lock_guard<std::mutex> l(m); // CHECK-DAG: virtual_constructed.cpp:[[@LINE]]:
    n += v;
  }
};

static void feed(Sink &s) {
  std::lock_guard<std::mutex> l(m); // CHECK-DAG: virtual_constructed.cpp:[[@LINE]]:
  s.put(1);
}

int main() {
  Plain plain;
  feed(plain);
  Locking locking;
  feed(locking);
}
