// SPDX-License-Identifier: MIT
// A destructor writes a flag behind the join of the thread that reads it.
// RUN: %gordian check %s -- -std=c++20
#include <thread>
class Sampler {
public:
  Sampler() : thread([this] { run(); }) {}
  ~Sampler() {
    thread.join();
    running = false;
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
