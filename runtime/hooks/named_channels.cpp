// SPDX-License-Identifier: MIT
//
// Channels that two descriptors reach by a name: message queues, FIFOs, files that are locked, and sockets
// that are connected, or send datagrams to each other, within the process. A name is an inode, a socket's
// port or path; all connections to one listening socket are one channel (may miss). A socket whose peer is
// elsewhere is not looked at: a server's connections cost nothing until the process connects to itself, and
// no file costs anything until it makes a FIFO. Names beyond the table are not known.
#include "hooks/channels.h"
#include "hooks/prototypes.h"
#include "hooks/real.h"

#include <cerrno>
#include <cstdarg>
#include <cstddef>
#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/stat.h>
#include <sys/un.h>

namespace gordian::runtime {

namespace {

constinit uint64_t names[kNamedChannels] = {}; // 0: free
constinit bool madeFifo = false;
constinit bool connectsToItself = false;
constinit bool takesDatagrams = false;

enum class Kind : uint64_t { Queue = 1, Fifo, Port, Path, File };

uint64_t nameOf(Kind kind, uint64_t value) {
  return value << 3 | uint64_t(kind);
}

/// The channel of that name; 0: none. `add`: where there is none, one more.
uint32_t channelOf(uint64_t name, bool add) {
  for (unsigned i = 0; name && i < kNamedChannels; i++) {
    uint64_t found = __atomic_load_n(&names[i], __ATOMIC_ACQUIRE);
    if (found == 0 && add)
      __atomic_compare_exchange_n(&names[i], &found, name, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
    else if (found == 0)
      return 0;
    if (found == 0 || found == name)
      return kDescriptors + i + 1;
  }
  return 0;
}

/// 0: none, or of a family that is not known. A port stands for all its addresses.
uint64_t nameOf(const sockaddr *address, socklen_t length) {
  if (!address || length < sizeof(sa_family_t))
    return 0;
  if (address->sa_family == AF_INET && length >= sizeof(sockaddr_in))
    return nameOf(Kind::Port, reinterpret_cast<const sockaddr_in *>(address)->sin_port);
  if (address->sa_family == AF_INET6 && length >= sizeof(sockaddr_in6))
    return nameOf(Kind::Port, reinterpret_cast<const sockaddr_in6 *>(address)->sin6_port);
  if (address->sa_family != AF_UNIX)
    return 0;
  const auto *path = reinterpret_cast<const unsigned char *>(address) + offsetof(sockaddr_un, sun_path);
  const size_t room = length > offsetof(sockaddr_un, sun_path) ? length - offsetof(sockaddr_un, sun_path) : 0;
  const size_t size = room && path[0] ? strnlen(reinterpret_cast<const char *>(path), room) : room;
  uint64_t hash = 14695981039346656037u; // FNV-1a
  for (size_t i = 0; i < size; i++)
    hash = (hash ^ path[i]) * 1099511628211u;
  return size ? nameOf(Kind::Path, hash) : 0;
}

uint64_t nameOfSocket(int descriptor) {
  sockaddr_storage own;
  socklen_t length = sizeof(own);
  auto *address = reinterpret_cast<sockaddr *>(&own);
  return getsockname(descriptor, address, &length) == 0 ? nameOf(address, length) : 0;
}

void opened(int descriptor, Kind kind) {
  const int error = errno;
  struct stat file;
  if (descriptor >= 0 && fstat(descriptor, &file) == 0 && (kind == Kind::Queue || S_ISFIFO(file.st_mode)))
    setChannel(descriptor, channelOf(nameOf(kind, file.st_ino), true));
  errno = error;
}

void openedFile(int descriptor) {
  if (__builtin_expect(madeFifo, 0))
    opened(descriptor, Kind::Fifo);
}

/// Who connects has told by that alone.
void accepted(int listening, int descriptor, CallPoint at) {
  const int error = errno;
  if (__builtin_expect(connectsToItself, 0) && descriptor >= 0) {
    setChannel(descriptor, channelOf(nameOfSocket(listening), false));
    readable(descriptor, at);
  }
  errno = error;
}

void bound(int descriptor) {
  const int error = errno;
  const uint32_t channel = channelOf(nameOfSocket(descriptor), true);
  int type = 0;
  socklen_t size = sizeof(type);
  if (getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_DGRAM) {
    takesDatagrams = true;
    setChannel(descriptor, channel);
  }
  errno = error;
}

mode_t modeOf(int flags, va_list more) {
  return flags & (O_CREAT | (O_TMPFILE & ~O_DIRECTORY)) ? va_arg(more, mode_t) : 0;
}

} // namespace

uint32_t datagramsTo(const sockaddr *address, socklen_t length) {
  return __builtin_expect(takesDatagrams, 0) ? channelOf(nameOf(address, length), false) : 0;
}

uint32_t fileChannel(int descriptor) {
  const int error = errno;
  struct stat file;
  const uint32_t channel =
      fstat(descriptor, &file) == 0 ? channelOf(nameOf(Kind::File, file.st_ino), true) : 0;
  errno = error;
  return channel;
}

// The arguments behind `flags` are there only where a file may be made.
#define GORDIAN_MODE(mode, flags)                                                                            \
  va_list more;                                                                                              \
  va_start(more, flags);                                                                                     \
  const mode_t mode = modeOf(flags, more);                                                                   \
  va_end(more)

GORDIAN_HOOK(mkfifo, int, (const char *object, mode_t mode)) {
  madeFifo = true;
  return GORDIAN_REAL(mkfifo)(object, mode);
}

GORDIAN_HOOK(mkfifoat, int, (int object, const char *path, mode_t mode)) {
  madeFifo = true;
  return GORDIAN_REAL(mkfifoat)(object, path, mode);
}

GORDIAN_HOOK(open, int, (const char *object, int flags, ...)) {
  GORDIAN_MODE(mode, flags);
  const int result = GORDIAN_REAL(open)(object, flags, mode);
  openedFile(result);
  return result;
}

GORDIAN_HOOK(open64, int, (const char *object, int flags, ...)) {
  GORDIAN_MODE(mode, flags);
  const int result = GORDIAN_REAL(open64)(object, flags, mode);
  openedFile(result);
  return result;
}

GORDIAN_HOOK(openat, int, (int object, const char *path, int flags, ...)) {
  GORDIAN_MODE(mode, flags);
  const int result = GORDIAN_REAL(openat)(object, path, flags, mode);
  openedFile(result);
  return result;
}

GORDIAN_HOOK(openat64, int, (int object, const char *path, int flags, ...)) {
  GORDIAN_MODE(mode, flags);
  const int result = GORDIAN_REAL(openat64)(object, path, flags, mode);
  openedFile(result);
  return result;
}

GORDIAN_HOOK(mq_open, mqd_t, (const char *object, int flags, ...)) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = flags & O_CREAT ? va_arg(more, mode_t) : 0;
  mq_attr *attributes = flags & O_CREAT ? va_arg(more, mq_attr *) : nullptr;
  va_end(more);
  const mqd_t result = GORDIAN_REAL(mq_open)(object, flags, mode, attributes);
  opened(result, Kind::Queue);
  return result;
}

GORDIAN_HOOK(bind, int, (int object, const sockaddr *name, socklen_t length)) {
  const int result = GORDIAN_REAL(bind)(object, name, length);
  if (result == 0)
    bound(object);
  return result;
}

/// The other end may be accepted before this returns.
GORDIAN_HOOK(connect, int, (int object, const sockaddr *to, socklen_t length)) {
  const uint32_t channel = channelOf(nameOf(to, length), false);
  if (channel) {
    connectsToItself = true;
    setChannel(object, channel);
    sending(object, GORDIAN_CALL_POINT());
  }
  const int result = GORDIAN_REAL(connect)(object, to, length);
  if (result != 0 && channel && errno != EINPROGRESS)
    setChannel(object, 0);
  return result;
}

GORDIAN_HOOK(accept, int, (int object, sockaddr *from, socklen_t *length)) {
  const int result = GORDIAN_REAL(accept)(object, from, length);
  accepted(object, result, GORDIAN_CALL_POINT());
  return result;
}

GORDIAN_HOOK(accept4, int, (int object, sockaddr *from, socklen_t *length, int flags)) {
  const int result = GORDIAN_REAL(accept4)(object, from, length, flags);
  accepted(object, result, GORDIAN_CALL_POINT());
  return result;
}

} // namespace gordian::runtime
