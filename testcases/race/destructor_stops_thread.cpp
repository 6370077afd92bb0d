// SPDX-License-Identifier: MIT
// A destructor writes a flag that the thread still reads which it joins after that.
// RUN: %gordian check %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK: destructor_stops_thread.cpp:11:{{.*}}[data-race]
#include <thread>
class Sampler {
public:
  Sampler() : thread([this] { run(); }) {}
  ~Sampler() {
    running = false;
    thread.join();
  }

private:
  void run() {
    for (int n = 0; running && n < 1000; ++n)
      ++samples;
  }
  bool running = true;
  long samples = 0;
  std::thread thread;
};
int main() {
  Sampler s;
  return 0;
}
