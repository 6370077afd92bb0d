// SPDX-License-Identifier: MIT
//
// A thread's state is shared by its Thread, by the thread itself while it runs, and by the list of those to
// be waited for at exit. Each started thread is joined exactly once by the system's count: by the first
// join() that finds it (others wait for that one), at exit, or, where nobody can ask any more, not at all (it
// is detached).
//
// A timed join waits for the end of the target first and joins then: pthread has no portable timed join that
// all tools know, and a thread whose target has ended is done in a moment.
#include "gordian/thread.h"
#include "sync/report.h"
#include "sync/tsan.h"

#include <cstdio>
#include <cstdlib>
#include <cxxabi.h>
#include <list>
#include <mutex>
#include <unistd.h>

namespace gordian {

namespace detail {

namespace {

/// The threads that are not daemons and were started, until they are joined or detached.
struct Waited {
  Monitor mutex;
  std::list<std::shared_ptr<ThreadState>> threads;
};

Waited &waited() {
  static Waited &forever = *new Waited; // threads may end after static destructors have run
  return forever;
}

std::atomic<long> created{0};
thread_local ThreadState *current = nullptr;

} // namespace

class ThreadState : public std::enable_shared_from_this<ThreadState> {
public:
  ThreadState(std::function<void()> target, std::string name, std::optional<bool> daemon)
      : target_(std::move(target)),
        name_(name.empty() ? "Thread-" + std::to_string(++created) : std::move(name)),
        daemon_(daemon.value_or(current && current->daemon_)) {}

  void start();
  void join(const Timeout &timeout, const Place &place);
  /// Nobody can join it any more, but for the exit of the program.
  void abandon();
  void joinAtExit();

  bool alive() {
    std::lock_guard guard(monitor_);
    return started_ && !ended_;
  }
  std::string name() {
    std::lock_guard guard(monitor_);
    return name_;
  }
  void setName(std::string name) {
    std::lock_guard guard(monitor_);
    name_ = std::move(name);
  }
  bool daemon() {
    std::lock_guard guard(monitor_);
    return daemon_;
  }
  void setDaemon(bool daemon) {
    std::lock_guard guard(monitor_);
    if (started_)
      throw RuntimeError("cannot set daemon status of active thread");
    daemon_ = daemon;
  }
  std::optional<pthread_t> ident() {
    std::lock_guard guard(monitor_);
    return started_ ? std::optional(thread_) : std::nullopt;
  }
  std::optional<pid_t> nativeId() {
    std::lock_guard guard(monitor_);
    return native_ ? std::optional(native_) : std::nullopt;
  }

private:
  static void *entry(void *argument);
  void run();
  void ended();
  void waitForAtExit();
  void forget();
  /// True: the caller is the one to join it. False: it is joined already, or the deadline passed first.
  bool becomeJoiner(const Deadline &deadline, const Place &place);
  void joinReally();

  std::function<void()> target_;
  Monitor monitor_; // guards all of the following
  WaitList waiters_;
  std::string name_;
  bool daemon_;
  bool started_ = false;
  bool ended_ = false;
  bool abandoned_ = false;
  enum { NotJoined, Joining, Joined } joined_ = NotJoined;
  pthread_t thread_{};
  pid_t native_ = 0;
};

void ThreadState::start() {
  std::unique_lock guard(monitor_);
  if (started_)
    throw RuntimeError("threads can only be started once");
  auto *self = new std::shared_ptr<ThreadState>(shared_from_this());
  started_ = true;
  if (pthread_create(&thread_, nullptr, entry, self) != 0) {
    started_ = false;
    delete self;
    throw RuntimeError("can't start new thread");
  }
  if (!daemon_)
    waitForAtExit();
  while (native_ == 0) // as in Python: when start() returns, the thread is there
    monitor_.wait(waiters_, Deadline());
}

void *ThreadState::entry(void *argument) {
  const std::shared_ptr<ThreadState> self = std::move(*static_cast<std::shared_ptr<ThreadState> *>(argument));
  delete static_cast<std::shared_ptr<ThreadState> *>(argument);
  current = self.get();
  struct End { // also where the thread is cancelled
    ThreadState &state;
    ~End() { state.ended(); }
  } end{*self};
  {
    std::lock_guard guard(self->monitor_);
    self->native_ = gettid();
    self->waiters_.wake(SIZE_MAX);
    pthread_setname_np(pthread_self(), self->name_.substr(0, 15).c_str());
    if (!report::quiet())
      report::tellThreadName(self->name_.c_str());
  }
  self->run();
  return nullptr;
}

void ThreadState::run() {
  const auto complain = [this](const char *type, const char *what) {
    fprintf(stderr, "Exception in thread %s:\n%s%s%s\n", name().c_str(), type, *what ? ": " : "", what);
  };
  try {
    if (target_)
      target_();
  } catch (abi::__forced_unwind &) {
    throw;
  } catch (const std::exception &error) {
    int status = 0;
    char *type = abi::__cxa_demangle(typeid(error).name(), nullptr, nullptr, &status);
    complain(type ? type : typeid(error).name(), error.what());
    free(type);
  } catch (...) {
    complain("an exception that is no std::exception", "");
  }
  target_ = nullptr; // what it captured ends with it, in this thread
}

void ThreadState::ended() {
  current = nullptr;
  std::lock_guard guard(monitor_);
  ended_ = true;
  waiters_.wake(SIZE_MAX);
  if (abandoned_ && joined_ == NotJoined) {
    joined_ = Joined;
    pthread_detach(thread_);
    forget();
  }
}

void ThreadState::abandon() {
  std::lock_guard guard(monitor_);
  abandoned_ = true;
  if (!started_ || joined_ != NotJoined || !(ended_ || daemon_))
    return;
  joined_ = Joined;
  pthread_detach(thread_);
  forget();
}

bool ThreadState::becomeJoiner(const Deadline &deadline, const Place &place) {
  std::unique_lock guard(monitor_);
  if (!started_)
    throw RuntimeError("cannot join thread before it is started");
  if (current == this)
    throw RuntimeError("cannot join current thread");
  if (!deadline.never || joined_ == Joining) {
    report::Wait waiting(this, GORDIAN_THREAD, nullptr, deadline.never ? 0 : GORDIAN_TIMED, place);
    const auto done = [&] { return joined_ == Joined || (ended_ && joined_ == NotJoined); };
    while (!done() && !deadline.passed())
      monitor_.wait(waiters_, deadline);
    if (!done())
      return false;
  }
  if (joined_ == Joined)
    return false;
  joined_ = Joining;
  return true;
}

void ThreadState::joinReally() {
  pthread_join(thread_, nullptr);
  std::lock_guard guard(monitor_);
  joined_ = Joined;
  waiters_.wake(SIZE_MAX);
  forget();
}

void ThreadState::join(const Timeout &timeout, const Place &place) {
  if (becomeJoiner(timeout.deadline(), place))
    joinReally();
}

void ThreadState::joinAtExit() {
  if (current != this && becomeJoiner(Deadline(), Place::current()))
    joinReally();
}

void joinAllAtExit() {
  for (;;) {
    std::shared_ptr<ThreadState> next;
    {
      std::lock_guard guard(waited().mutex);
      if (waited().threads.empty())
        return;
      next = std::move(waited().threads.front());
      waited().threads.pop_front();
    }
    next->joinAtExit();
  }
}

void ThreadState::waitForAtExit() {
  static const int registered = atexit(joinAllAtExit);
  (void)registered;
  std::lock_guard guard(waited().mutex);
  waited().threads.push_back(shared_from_this());
}

void ThreadState::forget() {
  std::lock_guard guard(waited().mutex);
  waited().threads.remove_if([this](const auto &other) { return other.get() == this; });
}

} // namespace detail

using detail::ThreadState;

Thread::Thread(std::function<void()> target, std::string name, std::optional<bool> daemon)
    : state_(std::make_shared<ThreadState>(std::move(target), std::move(name), daemon)) {}

Thread::Thread(Thread &&) noexcept = default;

Thread &Thread::operator=(Thread &&other) noexcept {
  std::swap(state_, other.state_);
  return *this;
}

Thread::~Thread() {
  if (state_)
    state_->abandon();
}

void Thread::start(Place) {
  state_->start();
}
void Thread::join(Timeout timeout, Place place) {
  state_->join(timeout, place);
}
bool Thread::is_alive() const {
  return state_->alive();
}
std::string Thread::name() const {
  return state_->name();
}
void Thread::set_name(std::string name) {
  state_->setName(std::move(name));
}
bool Thread::daemon() const {
  return state_->daemon();
}
void Thread::set_daemon(bool daemon) {
  state_->setDaemon(daemon);
}
std::optional<pthread_t> Thread::ident() const {
  return state_->ident();
}
std::optional<pid_t> Thread::native_id() const {
  return state_->nativeId();
}

std::string current_thread_name() {
  if (detail::current)
    return detail::current->name();
  return gettid() == getpid() ? "MainThread" : "";
}

Timer::Timer(Timeout interval, std::function<void()> function)
    : Timer(interval, std::move(function), std::make_shared<Event>()) {}

Timer::Timer(Timeout interval, std::function<void()> function, std::shared_ptr<Event> finished)
    : Thread([interval, function = std::move(function), finished] {
        if (!finished->wait(interval))
          function();
        finished->set();
      }),
      finished_(std::move(finished)) {}

} // namespace gordian
