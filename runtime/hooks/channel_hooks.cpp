// SPDX-License-Identifier: MIT
//
// Pipes, sockets, eventfds and message queues: what a thread did before it wrote (or closed) comes before
// what another one does after it has read, or was told that it can (ready_hooks.cpp). Other descriptors order
// nothing here: files do not, and a network's peers are other processes.
//
// Which channel a descriptor belongs to stands in a table by descriptor; a channel is named by the first of
// its ends, or by a place behind the descriptors' (named_channels.cpp). A descriptor that is closed or
// duplicated behind our back (inside the C library, by fcntl) leaves a wrong word: may miss, or not know an
// order. Descriptors beyond the table are not looked at.
#include "core/sys.h"
#include "hooks/channels.h"
#include "hooks/entry.h"
#include "hooks/real.h"
#include "trace/contexts.h"
#include "trace/order.h"
#include "trace/writer.h"

#include <cerrno>
#include <sys/syscall.h>

namespace gordian::runtime {

using namespace gordian::trace;

namespace {

constinit uint32_t channels[kSignalChannel] = {}; // by descriptor: first end + 1; 0: none

bool known(int descriptor) {
  return unsigned(descriptor) < kDescriptors &&
         __builtin_expect(__atomic_load_n(&channels[descriptor], __ATOMIC_RELAXED) != 0, 0);
}

/// A child of vfork has descriptors of its own, but this memory is its parent's.
bool ours() {
  return !traceFile.isOpen() || traceFile.header().pid == processId();
}

} // namespace

void setChannel(int descriptor, uint32_t channel) {
  if (unsigned(descriptor) < kDescriptors &&
      __atomic_load_n(&channels[descriptor], __ATOMIC_RELAXED) != channel && ours())
    __atomic_store_n(&channels[descriptor], channel, __ATOMIC_RELAXED);
}

const void *keyOf(uint32_t channel) {
  return &channels[channel - 1];
}

void copied(int from, int to) {
  if (to >= 0)
    setChannel(to, known(from) ? channels[from] : 0);
}

namespace {

/// Its object, with a name.
Object *channelAt(const Recording &r, uint32_t channel, CallPoint at, uint64_t site) {
  Object *o = objectAt(keyOf(channel));
  if (o)
    identify(r.thread(), o, {ObjectKind::Channel}, at, site);
  return o;
}

/// That there is one matters to the analyser even if all that passes through it is hidden in streams.
void created(int first, int second, CallPoint at) {
  const int error = errno;
  if (unsigned(first) < kDescriptors && unsigned(second) < kDescriptors && ours()) {
    removeObject(&channels[first]);
    setChannel(first, uint32_t(first) + 1);
    setChannel(second, uint32_t(first) + 1);
    if (ThreadState *t = enter())
      if (Recording r(t); r)
        channelAt(r, uint32_t(first) + 1, at, callKey(at, t->stack));
  }
  errno = error;
}

Object *record(const Recording &r, uint32_t channel, OperationKind kind, CallPoint at) {
  const uint64_t site = callKey(at, r.thread()->stack);
  Object *o = channelAt(r, channel, at, site);
  if (!o)
    return nullptr;
  OperationFacts facts = {kind};
  facts.object = o->lock;
  recordOperation(r, facts, at, site);
  return o;
}

/// `waited`: with locks held, and nothing was there to be read.
__attribute__((noinline)) void receiveFrom(uint32_t channel, bool waited, CallPoint at) {
  const int error = errno;
  Object *o = ours() ? findObject(keyOf(channel)) : nullptr;
  ThreadState *t = o || waited ? enter() : nullptr;
  if (Recording r(t); r) {
    if (waited)
      o = record(r, channel, OperationKind::EventWait, at);
    if (o)
      receive(t, o);
  }
  errno = error;
}

} // namespace

__attribute__((noinline)) void sendThrough(uint32_t channel, CallPoint at) {
  const int error = errno;
  if (ThreadState *t = ours() ? enter() : nullptr)
    if (Recording r(t); r)
      if (Object *o = record(r, channel, OperationKind::EventSet, at)) {
        publish(t); // what it does from now on is no condition for the answer
        send(t, o);
      }
  errno = error;
}

void receiveThrough(uint32_t channel, CallPoint at) {
  receiveFrom(channel, false, at);
}

void sending(int descriptor, CallPoint at) {
  if (known(descriptor))
    sendThrough(channels[descriptor], at);
}

void readable(int descriptor, CallPoint at) {
  if (known(descriptor))
    receiveThrough(channels[descriptor], at);
}

namespace {

bool mayBlockHolding(int descriptor) {
  const ThreadState *t = hot.state;
  if (!t || !t->heldTop || t->heldTop == &t->held[0])
    return false;
  pollfd ready = {descriptor, POLLIN, 0};
  const timespec now = {0, 0};
  return systemCall(SYS_ppoll, long(&ready), 1, long(&now), 0, 0) == 0;
}

/// An end of file was sent by whoever closed.
template <class Real>
auto receiving(int descriptor, CallPoint at, Real call) {
  if (!known(descriptor))
    return call();
  const uint32_t channel = channels[descriptor];
  const bool waits = mayBlockHolding(descriptor);
  const auto result = call();
  if (result >= 0)
    receiveFrom(channel, waits, at);
  return result;
}

void sendingTo(int descriptor, const sockaddr *to, socklen_t length, CallPoint at) {
  if (const uint32_t channel = to ? datagramsTo(to, length) : 0)
    sendThrough(channel, at);
  else
    sending(descriptor, at);
}

int closing(int descriptor, CallPoint at) {
  sending(descriptor, at);
  setChannel(descriptor, 0); // before another thread can be given the same number
  return GORDIAN_REAL(close)(descriptor);
}

} // namespace

GORDIAN_HOOK(pipe, int, (int *object)) {
  const int result = GORDIAN_REAL(pipe)(object);
  if (result == 0)
    created(object[0], object[1], GORDIAN_CALL_POINT());
  return result;
}

GORDIAN_HOOK(pipe2, int, (int *object, int flags)) {
  const int result = GORDIAN_REAL(pipe2)(object, flags);
  if (result == 0)
    created(object[0], object[1], GORDIAN_CALL_POINT());
  return result;
}

GORDIAN_HOOK(socketpair, int, (int object, int type, int protocol, int *ends)) {
  const int result = GORDIAN_REAL(socketpair)(object, type, protocol, ends);
  if (result == 0)
    created(ends[0], ends[1], GORDIAN_CALL_POINT());
  return result;
}

GORDIAN_HOOK(eventfd, int, (unsigned object, int flags)) {
  const int result = GORDIAN_REAL(eventfd)(object, flags);
  if (result >= 0)
    created(result, result, GORDIAN_CALL_POINT());
  return result;
}

GORDIAN_HOOK(dup, int, (int object)) {
  const int result = GORDIAN_REAL(dup)(object);
  copied(object, result);
  return result;
}

GORDIAN_HOOK(dup2, int, (int object, int as)) {
  const int result = GORDIAN_REAL(dup2)(object, as);
  copied(object, result);
  return result;
}

GORDIAN_HOOK(dup3, int, (int object, int as, int flags)) {
  const int result = GORDIAN_REAL(dup3)(object, as, flags);
  copied(object, result);
  return result;
}

GORDIAN_HOOK(close, int, (int object)) {
  return known(object) ? closing(object, GORDIAN_CALL_POINT()) : GORDIAN_REAL(close)(object);
}

GORDIAN_HOOK(write, ssize_t, (int object, const void *bytes, size_t size)) {
  sending(object, GORDIAN_CALL_POINT());
  return GORDIAN_REAL(write)(object, bytes, size);
}

GORDIAN_HOOK(writev, ssize_t, (int object, const iovec *parts, int count)) {
  sending(object, GORDIAN_CALL_POINT());
  return GORDIAN_REAL(writev)(object, parts, count);
}

GORDIAN_HOOK(send, ssize_t, (int object, const void *bytes, size_t size, int flags)) {
  sending(object, GORDIAN_CALL_POINT());
  return GORDIAN_REAL(send)(object, bytes, size, flags);
}

GORDIAN_HOOK(sendto, ssize_t,
             (int object, const void *bytes, size_t size, int flags, const sockaddr *to, socklen_t length)) {
  sendingTo(object, to, length, GORDIAN_CALL_POINT());
  return GORDIAN_REAL(sendto)(object, bytes, size, flags, to, length);
}

GORDIAN_HOOK(sendmsg, ssize_t, (int object, const msghdr *message, int flags)) {
  if (message) // the kernel refuses null, with EFAULT
    sendingTo(object, static_cast<const sockaddr *>(message->msg_name), message->msg_namelen,
              GORDIAN_CALL_POINT());
  return GORDIAN_REAL(sendmsg)(object, message, flags);
}

GORDIAN_HOOK(eventfd_write, int, (int object, uint64_t value)) {
  sending(object, GORDIAN_CALL_POINT());
  return GORDIAN_REAL(eventfd_write)(object, value);
}

GORDIAN_HOOK(mq_close, int, (mqd_t object)) {
  setChannel(object, 0);
  return GORDIAN_REAL(mq_close)(object);
}

GORDIAN_HOOK(mq_send, int, (mqd_t object, const char *bytes, size_t size, unsigned priority)) {
  sending(object, GORDIAN_CALL_POINT());
  return GORDIAN_REAL(mq_send)(object, bytes, size, priority);
}

GORDIAN_HOOK(mq_timedsend, int,
             (mqd_t object, const char *bytes, size_t size, unsigned priority, const timespec *until)) {
  sending(object, GORDIAN_CALL_POINT());
  return GORDIAN_REAL(mq_timedsend)(object, bytes, size, priority, until);
}

GORDIAN_HOOK(mq_receive, ssize_t, (mqd_t object, char *bytes, size_t size, unsigned *priority)) {
  return receiving(object, GORDIAN_CALL_POINT(),
                   [=] { return GORDIAN_REAL(mq_receive)(object, bytes, size, priority); });
}

GORDIAN_HOOK(mq_timedreceive, ssize_t,
             (mqd_t object, char *bytes, size_t size, unsigned *priority, const timespec *until)) {
  return receiving(object, GORDIAN_CALL_POINT(),
                   [=] { return GORDIAN_REAL(mq_timedreceive)(object, bytes, size, priority, until); });
}

GORDIAN_HOOK(read, ssize_t, (int object, void *bytes, size_t size)) {
  return receiving(object, GORDIAN_CALL_POINT(), [=] { return GORDIAN_REAL(read)(object, bytes, size); });
}

GORDIAN_HOOK(__read_chk, ssize_t, (int object, void *bytes, size_t size, size_t room)) {
  return receiving(object, GORDIAN_CALL_POINT(),
                   [=] { return GORDIAN_REAL(__read_chk)(object, bytes, size, room); });
}

GORDIAN_HOOK(readv, ssize_t, (int object, const iovec *parts, int count)) {
  return receiving(object, GORDIAN_CALL_POINT(), [=] { return GORDIAN_REAL(readv)(object, parts, count); });
}

GORDIAN_HOOK(recv, ssize_t, (int object, void *bytes, size_t size, int flags)) {
  return receiving(object, GORDIAN_CALL_POINT(),
                   [=] { return GORDIAN_REAL(recv)(object, bytes, size, flags); });
}

GORDIAN_HOOK(__recv_chk, ssize_t, (int object, void *bytes, size_t size, size_t room, int flags)) {
  return receiving(object, GORDIAN_CALL_POINT(),
                   [=] { return GORDIAN_REAL(__recv_chk)(object, bytes, size, room, flags); });
}

GORDIAN_HOOK(recvfrom, ssize_t,
             (int object, void *bytes, size_t size, int flags, sockaddr *from, socklen_t *length)) {
  return receiving(object, GORDIAN_CALL_POINT(),
                   [=] { return GORDIAN_REAL(recvfrom)(object, bytes, size, flags, from, length); });
}

GORDIAN_HOOK(recvmsg, ssize_t, (int object, msghdr *message, int flags)) {
  return receiving(object, GORDIAN_CALL_POINT(),
                   [=] { return GORDIAN_REAL(recvmsg)(object, message, flags); });
}

GORDIAN_HOOK(eventfd_read, int, (int object, uint64_t *value)) {
  return receiving(object, GORDIAN_CALL_POINT(), [=] { return GORDIAN_REAL(eventfd_read)(object, value); });
}

} // namespace gordian::runtime
