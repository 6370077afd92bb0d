// SPDX-License-Identifier: MIT
// An atomic stop flag of the one object that main has.
// RUN: %gordian check %s -- -std=c++20
#include <atomic>
#include <thread>

class Poller {
public:
  void start() {
    thread = std::thread([this] {
      while (!stop_)
        ++polls;
    });
  }
  void stop() {
    stop_ = true;
    thread.join();
  }

private:
  std::thread thread;
  std::atomic<bool> stop_{false};
  long polls = 0;
};

int main() {
  Poller p;
  p.start();
  p.stop();
}
