// SPDX-License-Identifier: MIT
// A plain stop flag of the one object that main has.
// RUN: %gordian check %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
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
    stop_ = true; // CHECK: stop_flag_of_sole_object.cpp:[[@LINE]]:
    thread.join();
  }

private:
  std::thread thread;
  bool stop_{false};
  long polls = 0;
};

int main() {
  Poller p;
  p.start();
  p.stop();
}
