// SPDX-License-Identifier: MIT
// Callbacks that are kept in pairs are copied, and called without the list's lock.
// RUN: %gordian check %s -- -std=c++20
#include <functional>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

class Subject {
public:
  int subscribe(std::function<void(int)> f) {
    std::lock_guard<std::mutex> l(m);
    observers.emplace_back(++last, std::move(f));
    return last;
  }
  void unsubscribe(int id) {
    std::lock_guard<std::mutex> l(m);
    std::erase_if(observers, [id](const auto &o) { return o.first == id; });
  }
  void notify(int what) {
    std::unique_lock<std::mutex> l(m);
    auto copy = observers;
    l.unlock();
    for (auto &[id, f] : copy)
      f(what);
  }

private:
  std::mutex m;
  std::vector<std::pair<int, std::function<void(int)>>> observers;
  int last = 0;
};

class View {
public:
  explicit View(Subject &s) : subject(s) {
    id = subject.subscribe([this](int what) {
      std::lock_guard<std::mutex> l(viewMutex);
      shown = what;
    });
  }
  void close() {
    std::lock_guard<std::mutex> l(viewMutex);
    subject.unsubscribe(id);
  }

private:
  Subject &subject;
  std::mutex viewMutex;
  int id, shown = 0;
};
