// SPDX-License-Identifier: MIT
//
// poll, select and alike: that a descriptor can be read tells as much as what is read from it. epoll names no
// descriptors: there the read tells.
#include "hooks/channels.h"
#include "hooks/real.h"

namespace gordian::runtime {

namespace {

int polled(const pollfd *all, nfds_t count, int result, CallPoint at) {
  for (nfds_t i = 0; result > 0 && i < count; i++)
    if (all[i].revents)
      readable(all[i].fd, at);
  return result;
}

int selected(const fd_set *in, int count, int result, CallPoint at) {
  constexpr int kBits = 8 * sizeof(__fd_mask);
  for (int word = 0; result > 0 && in && word * kBits < count && word * kBits < FD_SETSIZE; word++)
    for (auto bits = static_cast<unsigned long>(in->fds_bits[word]); bits; bits &= bits - 1)
      readable(word * kBits + __builtin_ctzl(bits), at);
  return result;
}

} // namespace

GORDIAN_HOOK(poll, int, (pollfd * object, nfds_t count, int limit)) {
  return polled(object, count, GORDIAN_REAL(poll)(object, count, limit), GORDIAN_CALL_POINT());
}

GORDIAN_HOOK(__poll_chk, int, (pollfd * object, nfds_t count, int limit, size_t room)) {
  return polled(object, count, GORDIAN_REAL(__poll_chk)(object, count, limit, room), GORDIAN_CALL_POINT());
}

GORDIAN_HOOK(ppoll, int, (pollfd * object, nfds_t count, const timespec *limit, const sigset_t *mask)) {
  return polled(object, count, GORDIAN_REAL(ppoll)(object, count, limit, mask), GORDIAN_CALL_POINT());
}

GORDIAN_HOOK(select, int, (int object, fd_set *in, fd_set *out, fd_set *other, timeval *limit)) {
  return selected(in, object, GORDIAN_REAL(select)(object, in, out, other, limit), GORDIAN_CALL_POINT());
}

GORDIAN_HOOK(pselect, int,
             (int object, fd_set *in, fd_set *out, fd_set *other, const timespec *limit,
              const sigset_t *mask)) {
  return selected(in, object, GORDIAN_REAL(pselect)(object, in, out, other, limit, mask),
                  GORDIAN_CALL_POINT());
}

} // namespace gordian::runtime
