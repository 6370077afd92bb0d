// SPDX-License-Identifier: MIT
//
// Signals that are sent and waited for (also by reading a signalfd), System V semaphores, and processes that
// end and are waited for. All signals of the process are one channel, all such semaphores another (may miss).
// A handler that ran is not looked at.
#include "core/sys.h"
#include "hooks/channels.h"
#include "hooks/entry.h"
#include "hooks/real.h"
#include "trace/order.h"
#include "trace/writer.h"

#include <cerrno>

namespace gordian::runtime {

using namespace gordian::trace;

namespace {

// Its address names it.
constinit char systemSemaphores = 0;

void sending(const void *channel) {
  const int error = errno;
  if (ThreadState *t = enter(); t && t->nestedPast)
    if (Recording r(t); r)
      if (Object *o = objectAt(channel))
        send(t, o);
  errno = error;
}

void sendingSignal() {
  sending(keyOf(kSignalChannel));
}

template <class Result>
Result awaited(const void *channel, Result result) {
  const int error = errno;
  Object *o = findObject(channel);
  if (ThreadState *t = o ? enter() : nullptr)
    if (Recording r(t); r)
      receive(t, o);
  errno = error;
  return result;
}

template <class Result>
Result awaitedSignal(Result result) {
  return awaited(keyOf(kSignalChannel), result);
}

/// Units that are added are given away before the call, as with any post; whatever else was waited for has
/// come when it returns.
template <class Real>
int operate(const sembuf *operations, size_t count, Real call) {
  bool adds = false, takes = false;
  for (size_t i = 0; operations && i < count; i++)
    (operations[i].sem_op > 0 ? adds : takes) = true;
  if (adds)
    sending(&systemSemaphores);
  const int result = call();
  return takes && result == 0 ? awaited(&systemSemaphores, result) : result;
}

void ended(pid_t pid) {
  const int error = errno;
  if (ThreadState *t = pid > 0 && traceFile.isOpen() ? enter() : nullptr)
    if (Recording r(t); r)
      receiveFromProcess(t, uint32_t(pid));
  errno = error;
}

bool isEnd(int status) {
  return WIFEXITED(status) || WIFSIGNALED(status);
}

/// Calls with somewhere to put the status, so that it can be looked at.
template <class Real>
pid_t awaitProcess(int *status, Real call) {
  int own = 0;
  const pid_t pid = call(status ? status : &own);
  if (pid > 0 && isEnd(status ? *status : own))
    ended(pid);
  return pid;
}

} // namespace

GORDIAN_HOOK(pthread_kill, int, (pthread_t object, int signal)) {
  sendingSignal();
  return GORDIAN_REAL(pthread_kill)(object, signal);
}

GORDIAN_HOOK(pthread_sigqueue, int, (pthread_t object, int signal, const sigval value)) {
  sendingSignal();
  return GORDIAN_REAL(pthread_sigqueue)(object, signal, value);
}

GORDIAN_HOOK(kill, int, (pid_t object, int signal)) {
  sendingSignal();
  return GORDIAN_REAL(kill)(object, signal);
}

GORDIAN_HOOK(raise, int, (int object)) {
  sendingSignal();
  return GORDIAN_REAL(raise)(object);
}

GORDIAN_HOOK(signalfd, int, (int object, const sigset_t *signals, int flags)) {
  const int result = GORDIAN_REAL(signalfd)(object, signals, flags);
  if (result >= 0)
    setChannel(result, kSignalChannel);
  return result;
}

GORDIAN_HOOK(sigqueue, int, (pid_t object, int signal, const sigval value)) {
  sendingSignal();
  return GORDIAN_REAL(sigqueue)(object, signal, value);
}

GORDIAN_HOOK(sigwait, int, (const sigset_t *object, int *signal)) {
  return awaitedSignal(GORDIAN_REAL(sigwait)(object, signal));
}

GORDIAN_HOOK(sigwaitinfo, int, (const sigset_t *object, siginfo_t *info)) {
  return awaitedSignal(GORDIAN_REAL(sigwaitinfo)(object, info));
}

GORDIAN_HOOK(sigtimedwait, int, (const sigset_t *object, siginfo_t *info, const timespec *limit)) {
  return awaitedSignal(GORDIAN_REAL(sigtimedwait)(object, info, limit));
}

GORDIAN_HOOK(sigsuspend, int, (const sigset_t *object)) {
  return awaitedSignal(GORDIAN_REAL(sigsuspend)(object));
}

GORDIAN_HOOK(pause, int, ()) {
  return awaitedSignal(GORDIAN_REAL(pause)());
}

GORDIAN_HOOK(semop, int, (int object, sembuf *operations, size_t count)) {
  return operate(operations, count, [=] { return GORDIAN_REAL(semop)(object, operations, count); });
}

GORDIAN_HOOK(semtimedop, int, (int object, sembuf *operations, size_t count, const timespec *limit)) {
  return operate(operations, count,
                 [=] { return GORDIAN_REAL(semtimedop)(object, operations, count, limit); });
}

GORDIAN_HOOK(wait, pid_t, (int *object)) {
  return awaitProcess(object, [=](int *status) { return GORDIAN_REAL(wait)(status); });
}

GORDIAN_HOOK(waitpid, pid_t, (pid_t object, int *status, int how)) {
  return awaitProcess(status, [=](int *s) { return GORDIAN_REAL(waitpid)(object, s, how); });
}

GORDIAN_HOOK(wait3, pid_t, (int *object, int how, rusage *usage)) {
  return awaitProcess(object, [=](int *s) { return GORDIAN_REAL(wait3)(s, how, usage); });
}

GORDIAN_HOOK(wait4, pid_t, (pid_t object, int *status, int how, rusage *usage)) {
  return awaitProcess(status, [=](int *s) { return GORDIAN_REAL(wait4)(object, s, how, usage); });
}

GORDIAN_HOOK(waitid, int, (idtype_t object, id_t id, siginfo_t *info, int how)) {
  const int result = GORDIAN_REAL(waitid)(object, id, info, how);
  if (result == 0 && info &&
      (info->si_code == CLD_EXITED || info->si_code == CLD_KILLED || info->si_code == CLD_DUMPED))
    ended(info->si_pid);
  return result;
}

} // namespace gordian::runtime
