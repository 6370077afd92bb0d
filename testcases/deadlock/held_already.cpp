// SPDX-License-Identifier: MIT
// A re-entrant lock is taken behind another one here and before it there.
// RUN: %gordian check %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: [lock-order-inversion]
#include <mutex>
class Engine {
public:
  void frame() {
    std::lock_guard s(sound);
    sync();
  }
  void effect() {
    std::lock_guard w(world);
    std::lock_guard s(sound);
    sync();
  }

private:
  void sync() {
    std::lock_guard w(world);
    ++syncs;
  }
  std::recursive_mutex world;
  std::mutex sound;
  int syncs = 0;
};
Engine engine;
void frame() {
  engine.frame();
}
void effect() {
  engine.effect();
}
