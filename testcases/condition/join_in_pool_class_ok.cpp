// SPDX-License-Identifier: MIT
// A pool class joins what its owner gave it to run, called without the owner's lock.
// RUN: %gordian check %s -- -std=c++20
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
      t.join();
  }

private:
  std::vector<std::thread> threads;
};

class Spooler {
public:
  Spooler() : workers([this] { drain(); }) {}
  void stop() {
    {
      std::lock_guard<std::mutex> l(m);
      closing = true;
    }
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
