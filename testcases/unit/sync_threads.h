// SPDX-License-Identifier: MIT
//
// What the tests of the primitives share: threads that are joined whatever happens, one that stands in for
// "another thread", and gates to order them without sleeping. Made of std primitives, not of those under
// test.
#ifndef GORDIAN_TESTCASES_SYNC_THREADS_H
#define GORDIAN_TESTCASES_SYNC_THREADS_H

#include <condition_variable>
#include <functional>
#include <future>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace gordian::test {

/// Closed until opened, then open for good.
class Gate {
public:
  void open() {
    std::lock_guard guard(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void pass() {
    std::unique_lock guard(mutex_);
    changed_.wait(guard, [this] { return open_; });
  }
  bool isOpen() {
    std::lock_guard guard(mutex_);
    return open_;
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
};

/// Runs `body(0) ... body(count - 1)`, each in a thread of its own; the destructor joins them.
class Bunch {
public:
  Bunch(int count, std::function<void(int)> body) {
    for (int i = 0; i < count; i++)
      threads_.emplace_back([body, i] { body(i); });
  }
  ~Bunch() { join(); }
  void join() {
    for (std::thread &thread : threads_)
      if (thread.joinable())
        thread.join();
  }

private:
  std::vector<std::thread> threads_;
};

/// The value of `body`, run in another thread; what it throws is thrown here.
template <class Body>
auto elsewhere(Body body) {
  return std::async(std::launch::async, body).get();
}

} // namespace gordian::test

#endif
