// SPDX-License-Identifier: MIT
//
// Condition, with the semantics of Python's threading.Condition, over a Lock or an RLock of the caller's or
// an RLock of its own. wait() releases the lock (all levels of an RLock) and has it again (as many) when it
// returns, whatever the outcome. Waiters are woken in the order in which they came, and only by a notify:
// there are no spurious wake-ups.
//
//     gordian::Condition changed;                 // or gordian::Condition changed(lock);
//     std::lock_guard guard(changed);             // the condition passes acquire and release on to its lock
//     changed.wait_for([&] { return ready; });
//     changed.notify_all();
//
// wait, wait_for     false where the time limit ended the wait (wait_for: the predicate's last value)
// notify(n)          wakes at most n; RuntimeError where the lock is not held, as with wait
#ifndef GORDIAN_CONDITION_H
#define GORDIAN_CONDITION_H

#include "gordian/lock.h"

#include <memory>

namespace gordian {

class Condition : public StandardLockable<Condition> {
public:
  Condition();
  explicit Condition(Lock &lock);
  explicit Condition(RLock &lock);
  ~Condition();
  Condition(const Condition &) = delete;
  Condition &operator=(const Condition &) = delete;

  bool acquire(bool blocking = true, Timeout timeout = {}, Place place = Place::current());
  void release(Place place = Place::current());

  bool wait(Timeout timeout = {}, Place place = Place::current());

  template <class Predicate>
  auto wait_for(Predicate predicate, Timeout timeout = {}, Place place = Place::current())
      -> decltype(predicate()) {
    auto result = predicate();
    if (result)
      return result;
    const detail::Deadline deadline = timeout.deadline();
    do {
      waitUntil(deadline, place);
      result = predicate();
    } while (!result && !deadline.passed());
    return result;
  }

  void notify(long n = 1, Place place = Place::current());
  void notify_all(Place place = Place::current());

private:
  bool isOwned() const;
  int releaseAll(Place place);
  void acquireAgain(int levels, Place place);
  const void *lockAddress() const;
  bool waitUntil(const detail::Deadline &deadline, Place place);
  void wake(size_t count, bool all, Place place);

  std::unique_ptr<RLock> own_;
  Lock *lock_ = nullptr; // one of these two is set
  RLock *rlock_ = nullptr;
  // A Lock does not know its holder, so that two notifiers may meet; the list of waiters has a guard of its
  // own.
  detail::FutexLock guard_;
  detail::WaitList waiters_;
};

} // namespace gordian

#endif
