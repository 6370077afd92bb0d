// SPDX-License-Identifier: MIT
//
// Queue, LifoQueue and PriorityQueue, with the semantics of Python's queue module: first in first out, last
// in first out, lowest first. They hold at most `maxsize` items, or any number where that is zero or less.
//
//     gordian::Queue<Job> jobs(16);
//     jobs.put(job);                     // waits while the queue is full
//     Job job = jobs.get();              // waits while it is empty
//     jobs.task_done();                  // join() returns when every item put was gotten and done
//
// put, get(block, timeout)   throw Full or Empty where they may not wait (any longer), ShutDown after
// shutdown(): put
//                            at once, get when the queue is empty. A negative time limit is a ValueError.
// shutdown(immediate)        as in Python 3.13; immediate drops what is in the queue.
#ifndef GORDIAN_QUEUE_H
#define GORDIAN_QUEUE_H

#include "gordian/lock.h"

#include <algorithm>
#include <deque>
#include <functional>
#include <mutex>
#include <utility>
#include <vector>

namespace gordian {

namespace detail {

/// All of a queue but its items.
class QueueBase {
public:
  QueueBase(const QueueBase &) = delete;
  QueueBase &operator=(const QueueBase &) = delete;

  /// ValueError where it is called more often than there were items.
  void task_done(Place place = Place::current());
  void join(Place place = Place::current());
  long maxsize() const { return maxsize_; }

protected:
  explicit QueueBase(long maxsize) : maxsize_(maxsize) {}
  ~QueueBase();

  // The caller holds monitor_ in all of these.
  /// Whether there is no room for one more.
  bool full(long size) const { return maxsize_ > 0 && size >= maxsize_; }
  void waitForRoom(const Deadline &deadline, Place place) { waitFor(room_, deadline, place); }
  void waitForItem(const Deadline &deadline, Place place) { waitFor(items_, deadline, place); }
  void added(Place place);
  void taken(Place place);
  void closed(bool immediate, Place place);

  /// ValueError for a negative limit.
  static Deadline deadline(const Timeout &timeout);

  mutable Monitor monitor_;
  bool shutdown_ = false;
  long unfinished_ = 0;

private:
  void waitFor(WaitList &list, const Deadline &deadline, Place place);
  void wakeOne(WaitList &list, Place place);
  void wakeAll(WaitList &list, Place place);

  const long maxsize_;
  WaitList items_, room_, done_;
};

template <class T>
struct FirstInFirstOut {
  using Items = std::deque<T>;
  static void put(Items &items, T item) { items.push_back(std::move(item)); }
  static T get(Items &items) {
    T item = std::move(items.front());
    items.pop_front();
    return item;
  }
};

template <class T>
struct LastInFirstOut {
  using Items = std::vector<T>;
  static void put(Items &items, T item) { items.push_back(std::move(item)); }
  static T get(Items &items) {
    T item = std::move(items.back());
    items.pop_back();
    return item;
  }
};

template <class T, class Less>
struct LowestFirst {
  using Items = std::vector<T>;
  static bool later(const T &a, const T &b) { return Less()(b, a); }
  static void put(Items &items, T item) {
    items.push_back(std::move(item));
    std::push_heap(items.begin(), items.end(), later);
  }
  static T get(Items &items) {
    std::pop_heap(items.begin(), items.end(), later);
    return LastInFirstOut<T>::get(items);
  }
};

} // namespace detail

template <class T, class Discipline>
class BasicQueue : public detail::QueueBase {
public:
  explicit BasicQueue(long maxsize = 0) : QueueBase(maxsize) {}

  void put(T item, bool block = true, Timeout timeout = {}, Place place = Place::current()) {
    std::lock_guard guard(monitor_);
    failWhereShutDown();
    if (maxsize() > 0) {
      const detail::Deadline end = block ? deadline(timeout) : detail::Deadline();
      while (QueueBase::full(size())) {
        if (!block || end.passed())
          throw Full();
        waitForRoom(end, place);
        failWhereShutDown();
      }
    }
    Discipline::put(items_, std::move(item));
    added(place);
  }

  T get(bool block = true, Timeout timeout = {}, Place place = Place::current()) {
    std::lock_guard guard(monitor_);
    const detail::Deadline end = block ? deadline(timeout) : detail::Deadline();
    while (items_.empty()) {
      failWhereShutDown();
      if (!block || end.passed())
        throw Empty();
      waitForItem(end, place);
    }
    T item = Discipline::get(items_);
    taken(place);
    return item;
  }

  void put_nowait(T item, Place place = Place::current()) { put(std::move(item), false, {}, place); }
  T get_nowait(Place place = Place::current()) { return get(false, {}, place); }

  long qsize() const {
    std::lock_guard guard(monitor_);
    return size();
  }
  bool empty() const { return qsize() == 0; }
  bool full() const { return QueueBase::full(qsize()); }

  void shutdown(bool immediate = false, Place place = Place::current()) {
    std::lock_guard guard(monitor_);
    if (immediate) {
      unfinished_ = std::max(0L, unfinished_ - size());
      items_.clear();
    }
    closed(immediate, place);
  }

private:
  long size() const { return long(items_.size()); }
  void failWhereShutDown() const {
    if (shutdown_)
      throw ShutDown();
  }

  typename Discipline::Items items_;
};

template <class T>
struct Queue : public BasicQueue<T, detail::FirstInFirstOut<T>> {
  using BasicQueue<T, detail::FirstInFirstOut<T>>::BasicQueue;
};
template <class T>
struct LifoQueue : public BasicQueue<T, detail::LastInFirstOut<T>> {
  using BasicQueue<T, detail::LastInFirstOut<T>>::BasicQueue;
};
template <class T, class Less = std::less<T>>
struct PriorityQueue : public BasicQueue<T, detail::LowestFirst<T, Less>> {
  using BasicQueue<T, detail::LowestFirst<T, Less>>::BasicQueue;
};

} // namespace gordian

#endif
