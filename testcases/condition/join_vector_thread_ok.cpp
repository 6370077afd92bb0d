// SPDX-License-Identifier: MIT
// Threads that the object keeps (vector) are joined after their lock is given back.
// RUN: %gordian check %s -- -std=c++20
#include <mutex>
#include <thread>
#include <vector>
class Service {
public:
  void start() {
    for (int i = 0; i < 3; ++i)
      workers.emplace_back([this] { run(); });
  }
  void stop() {
    {
      std::lock_guard<std::mutex> l(m);
      stopping = true;
    }
    for (std::thread &t : workers)
      t.join();
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
  std::vector<std::thread> workers;
};
Service service;
void start() { service.start(); }
void stop() { service.stop(); }
