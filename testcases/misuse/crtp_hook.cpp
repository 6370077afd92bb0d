// SPDX-License-Identifier: MIT
// A CRTP base calls the derived class's hook under its lock, and the hook asks the base.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [non-reentrant-reacquire]
#include <mutex>

template <class D>
class Base {
public:
  void update() {
    std::lock_guard<std::mutex> l(m); // CHECK-DAG: crtp_hook.cpp:[[@LINE]]:
    static_cast<D *>(this)->changed();
  }
  int value() {
    std::lock_guard<std::mutex> l(m); // CHECK-DAG: crtp_hook.cpp:[[@LINE]]:
    return v;
  }

protected:
  std::mutex m;
  int v = 0;
};

class View : public Base<View> {
public:
  void changed() { last = value(); }

private:
  int last = 0;
};

View view;
void go() { view.update(); }
