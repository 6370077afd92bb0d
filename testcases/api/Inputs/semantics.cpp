// SPDX-License-Identifier: MIT
//
// Plays scripts (see semantics.py) on Gordian's primitives and prints every answer as Python would.
#include "gordian/sync.h"

#include <condition_variable>
#include <cxxabi.h>
#include <functional>
#include <iostream>
#include <iterator>
#include <map>
#include <mutex>
#include <sstream>
#include <thread>

using namespace gordian;

using Words = std::vector<std::string>;
using Method = std::function<std::string(const Words &)>;

static std::string text(bool value) {
  return value ? "True" : "False";
}
static std::string text(long value) {
  return std::to_string(value);
}

static bool blocking(const Words &words, size_t at) {
  return words.size() <= at || words[at] == "true";
}
static Timeout limit(const Words &words, size_t at) {
  return words.size() > at ? Timeout(std::stod(words[at])) : Timeout();
}
static long count(const Words &words) {
  return words.empty() ? 1 : std::stol(words[0]);
}

/// A method that returns nothing.
static Method silent(std::function<void(const Words &)> body) {
  return [body](const Words &words) { return body(words), "None"; };
}

static std::map<std::string, Method> methods;

template <class L>
static void addLock(const std::string &name, L &lock) {
  methods[name + " acquire"] = [&](const Words &w) {
    return text(lock.acquire(blocking(w, 0), limit(w, 1)));
  };
  methods[name + " release"] = silent([&](const Words &) { lock.release(); });
}

static void addCondition(const std::string &name, Condition &condition) {
  addLock(name, condition);
  methods[name + " wait"] = [&](const Words &w) { return text(condition.wait(limit(w, 0))); };
  methods[name + " notify"] = silent([&](const Words &w) { condition.notify(count(w)); });
  methods[name + " notify_all"] = silent([&](const Words &) { condition.notify_all(); });
}

template <class S>
static void addSemaphore(const std::string &name, S &semaphore) {
  addLock(name, semaphore);
  methods[name + " release"] = silent([&](const Words &w) { semaphore.release(count(w)); });
}

static void addBarrier(const std::string &name, Barrier &barrier) {
  methods[name + " wait"] = [&](const Words &w) { return text(barrier.wait(limit(w, 0))); };
  methods[name + " abort"] = silent([&](const Words &) { barrier.abort(); });
  methods[name + " reset"] = silent([&](const Words &) { barrier.reset(); });
  methods[name + " broken"] = [&](const Words &) { return text(barrier.broken()); };
  methods[name + " parties"] = [&](const Words &) { return text(barrier.parties()); };
  methods[name + " n_waiting"] = [&](const Words &) { return text(barrier.n_waiting()); };
}

template <class Q>
static void addQueue(const std::string &name, Q &queue) {
  methods[name + " put"] =
      silent([&](const Words &w) { queue.put(std::stol(w.at(0)), blocking(w, 1), limit(w, 2)); });
  methods[name + " get"] = [&](const Words &w) { return text(queue.get(blocking(w, 0), limit(w, 1))); };
  methods[name + " qsize"] = [&](const Words &) { return text(queue.qsize()); };
  methods[name + " empty"] = [&](const Words &) { return text(queue.empty()); };
  methods[name + " full"] = [&](const Words &) { return text(queue.full()); };
  methods[name + " join"] = silent([&](const Words &) { queue.join(); });
  methods[name + " task_done"] = silent([&](const Words &) { queue.task_done(); });
}

/// Python names an exception by its class, and the empty ones have no text.
static std::string answer(const Method &method, const Words &words) {
  try {
    return method(words);
  } catch (const BrokenBarrierError &) {
    return "BrokenBarrierError";
  } catch (const RuntimeError &error) {
    return std::string("RuntimeError: ") + error.what();
  } catch (const ValueError &error) {
    return std::string("ValueError: ") + error.what();
  } catch (const OverflowError &error) {
    return std::string("OverflowError: ") + error.what();
  } catch (const Empty &) {
    return "Empty";
  } catch (const Full &) {
    return "Full";
  }
}

/// A thread that makes the calls it is sent. One call at a time.
class Actor {
public:
  Actor() : thread_([this] { run(); }) {}
  ~Actor() {
    send(nullptr);
    thread_.join();
  }
  void send(std::function<std::string()> call) {
    std::lock_guard guard(mutex_);
    call_ = std::move(call);
    sent_ = true;
    changed_.notify_all();
  }
  std::string receive() {
    std::unique_lock guard(mutex_);
    changed_.wait(guard, [this] { return answered_; });
    answered_ = false;
    return answer_;
  }

private:
  void run() {
    for (;;) {
      std::unique_lock guard(mutex_);
      changed_.wait(guard, [this] { return sent_; });
      sent_ = false;
      if (!call_)
        return;
      guard.unlock();
      std::string result = call_();
      guard.lock();
      answer_ = std::move(result);
      answered_ = true;
      changed_.notify_all();
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::function<std::string()> call_;
  std::string answer_;
  bool sent_ = false, answered_ = false;
  std::thread thread_;
};

int main() {
  Lock lock, conditionLock;
  RLock rlock;
  Condition condition, lcondition(conditionLock);
  Event event;
  Semaphore semaphore(2);
  BoundedSemaphore bounded(2);
  Barrier barrier(2), single(1);
  Queue<long> fifo(2);
  LifoQueue<long> lifo;
  PriorityQueue<long> lowest;

  addLock("lock", lock);
  methods["lock locked"] = [&](const Words &) { return text(lock.locked()); };
  addLock("rlock", rlock);
  addCondition("condition", condition);
  addCondition("lcondition", lcondition);
  methods["event wait"] = [&](const Words &w) { return text(event.wait(limit(w, 0))); };
  methods["event set"] = silent([&](const Words &) { event.set(); });
  methods["event clear"] = silent([&](const Words &) { event.clear(); });
  methods["event is_set"] = [&](const Words &) { return text(event.is_set()); };
  addSemaphore("semaphore", semaphore);
  addSemaphore("bounded", bounded);
  addBarrier("barrier", barrier);
  addBarrier("single", single);
  addQueue("fifo", fifo);
  addQueue("lifo", lifo);
  addQueue("lowest", lowest);

  std::map<std::string, Actor> actors;
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream stream(line);
    const Words words(std::istream_iterator<std::string>(stream), {});
    if (words.empty() || words[0] == "#")
      continue;
    Actor &actor = actors[words[0]];
    const bool later = words[1] == "~";
    if (words[1] != ".") {
      const auto first = words.begin() + (later ? 2 : 1);
      const Method &method = methods.at(first[0] + " " + first[1]);
      actor.send([&method, arguments = Words(first + 2, words.end())] { return answer(method, arguments); });
    }
    if (!later)
      std::cout << line << " -> " << actor.receive() << "\n";
  }
}
