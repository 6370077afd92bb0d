// SPDX-License-Identifier: MIT
//
// A queue is one monitor and three things to wait for: an item, room, and that all is done. Each is told to
// the runtime as an event of its own, by the address of its list of waiters.
#include "gordian/queue.h"
#include "sync/report.h"

namespace gordian::detail {

QueueBase::~QueueBase() {
  report::destroyed(&items_);
  report::destroyed(&room_);
  report::destroyed(&done_);
}

Deadline QueueBase::deadline(const Timeout &timeout) {
  if (timeout.given() && timeout.seconds() < 0)
    throw ValueError("'timeout' must be a non-negative number");
  return timeout.deadline();
}

void QueueBase::waitFor(WaitList &list, const Deadline &deadline, Place place) {
  report::Wait waiting(&list, GORDIAN_EVENT, nullptr, deadline.never ? 0 : GORDIAN_TIMED, place);
  waiting.ended(monitor_.wait(list, deadline));
}

void QueueBase::wakeOne(WaitList &list, Place place) {
  report::notified(&list, GORDIAN_EVENT, false, place);
  list.wake(1);
}

void QueueBase::wakeAll(WaitList &list, Place place) {
  report::notified(&list, GORDIAN_EVENT, true, place);
  list.wake(SIZE_MAX);
}

void QueueBase::added(Place place) {
  unfinished_++;
  wakeOne(items_, place);
}

void QueueBase::taken(Place place) {
  report::observed(&items_); // also where there was no need to wait
  wakeOne(room_, place);
}

void QueueBase::closed(bool immediate, Place place) {
  shutdown_ = true;
  if (immediate)
    wakeAll(done_, place);
  wakeAll(items_, place);
  wakeAll(room_, place);
}

void QueueBase::task_done(Place place) {
  std::lock_guard guard(monitor_);
  if (unfinished_ <= 0)
    throw ValueError("task_done() called too many times");
  if (--unfinished_ == 0)
    wakeAll(done_, place);
}

void QueueBase::join(Place place) {
  std::lock_guard guard(monitor_);
  while (unfinished_ > 0)
    waitFor(done_, Deadline(), place);
  report::observed(&done_);
}

} // namespace gordian::detail
