// SPDX-License-Identifier: MIT
// Behind another lock a re-entrant lock is only entered once more.
// RUN: %gordian check %s -- -std=c++20
#include <mutex>
class Engine {
public:
  void frame() {
    std::lock_guard w(world);
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
