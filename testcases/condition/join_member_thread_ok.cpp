// SPDX-License-Identifier: MIT
// Threads that the object keeps (member) are joined after their lock is given back.
// RUN: %gordian check %s -- -std=c++20
#include <mutex>
#include <thread>
#include <vector>
class Service {
public:
  void start() {
    worker = std::thread([this] { run(); });
  }
  void stop() {
    {
      std::lock_guard<std::mutex> l(m);
      stopping = true;
    }
    worker.join();
  }

private:
  void run() {
    for (;;) {
      std::lock_guard<std::mutex> l(m);
      if (stopping)
        return;
    }
  }
  std::mutex m;
  bool stopping = false;
  std::thread worker;
};
Service service;
void start() { service.start(); }
void stop() { service.stop(); }
