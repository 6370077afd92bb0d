// SPDX-License-Identifier: MIT
// A pool class joins what its owner gave it to run, called with the owner's lock held.
// RUN: %gordian check %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

class Workers {
public:
  explicit Workers(std::function<void()> body) {
    threads.emplace_back(body);
    threads.emplace_back(body);
  }
  void finish() {
    for (auto &t : threads)
      t.join(); // CHECK: join_in_pool_class.cpp:[[@LINE]]:
  }

private:
  std::vector<std::thread> threads;
};

class Spooler {
public:
  Spooler() : workers([this] { drain(); }) {}
  void stop() {
    std::lock_guard<std::mutex> l(m);
    closing = true;
    workers.finish();
  }

private:
  void drain() {
    for (;;) {
      std::lock_guard<std::mutex> l(m);
      if (closing)
        return;
    }
  }
  std::mutex m;
  bool closing = false;
  Workers workers;
};

Spooler spooler;
void stop() { spooler.stop(); }
