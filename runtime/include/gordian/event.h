// SPDX-License-Identifier: MIT
//
// Event, with the semantics of Python's threading.Event: a flag to wait for. wait() answers true where the
// flag was set or became set while waiting (even if it was cleared since), false where the time limit ended
// the wait.
#ifndef GORDIAN_EVENT_H
#define GORDIAN_EVENT_H

#include "gordian/lock.h"

namespace gordian {

class Event {
public:
  Event() = default;
  /// `name` is how reports call it.
  explicit Event(const char *name);
  ~Event();
  Event(const Event &) = delete;
  Event &operator=(const Event &) = delete;

  bool is_set() const;
  void set(Place place = Place::current());
  void clear();
  bool wait(Timeout timeout = {}, Place place = Place::current());

private:
  detail::Monitor monitor_;
  detail::WaitList waiters_;
  std::atomic<bool> flag_{false}; // written under the monitor
};

} // namespace gordian

#endif
