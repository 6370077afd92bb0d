// SPDX-License-Identifier: MIT
//
// Thread and Timer, with the semantics of Python's threading.
//
//     gordian::Thread worker([&] { work(); }, "worker");
//     worker.start();
//     worker.join();
//
// As in Python: a thread runs from start() to the end of its target, whatever becomes of the object; threads
// that are not daemons are waited for when the program exits, daemons are not; a new thread is a daemon where
// its creator is; an exception that leaves the target is printed and ends that thread only; join may be
// called more than once, and by several threads. Joins and creations are pthread calls, so any tool sees
// them.
//
// Timer(interval, function): a thread that runs the function after the interval, unless cancel() comes first.
#ifndef GORDIAN_THREAD_H
#define GORDIAN_THREAD_H

#include "gordian/event.h"

#include <functional>
#include <memory>
#include <optional>
#include <pthread.h>
#include <string>

namespace gordian {

namespace detail {
class ThreadState;
}

class Thread {
public:
  explicit Thread(std::function<void()> target = {}, std::string name = {}, std::optional<bool> daemon = {});
  Thread(Thread &&) noexcept;
  Thread &operator=(Thread &&) noexcept;
  ~Thread();

  /// RuntimeError where it was started before, or where the system has no thread to give.
  void start(Place place = Place::current());
  /// Returns at the end of the thread or of the time limit; is_alive() tells which. RuntimeError where it was
  /// not started, or is the calling thread.
  void join(Timeout timeout = {}, Place place = Place::current());
  bool is_alive() const;

  std::string name() const;
  void set_name(std::string name);
  bool daemon() const;
  /// RuntimeError after start().
  void set_daemon(bool daemon);
  /// Nothing before start().
  std::optional<pthread_t> ident() const;
  std::optional<pid_t> native_id() const;

private:
  std::shared_ptr<detail::ThreadState> state_;
};

/// The name of the calling thread: its Thread's, "MainThread", or empty where Thread did not make it.
std::string current_thread_name();

class Timer : public Thread {
public:
  Timer(Timeout interval, std::function<void()> function);
  /// No effect once the function has begun.
  void cancel() { finished_->set(); }

private:
  Timer(Timeout interval, std::function<void()> function, std::shared_ptr<Event> finished);

  std::shared_ptr<Event> finished_;
};

} // namespace gordian

#endif
