// SPDX-License-Identifier: MIT
//
// Which channel a descriptor belongs to, and what is told through it. A channel is a number, 0 for none. See
// channel_hooks.cpp.
#ifndef GORDIAN_HOOKS_CHANNELS_H
#define GORDIAN_HOOKS_CHANNELS_H

#include "trace/chains.h"

#include <cstdint>
#include <sys/socket.h>

namespace gordian::runtime {

constexpr unsigned kDescriptors = 65536; // those beyond are not looked at
constexpr unsigned kNamedChannels = 256; // numbers behind the descriptors'; see named_channels.cpp
constexpr uint32_t kSignalChannel = kDescriptors + kNamedChannels + 1; // all signals, see event_hooks.cpp

void setChannel(int descriptor, uint32_t channel);
/// The address that names it among the objects.
const void *keyOf(uint32_t channel);

void sendThrough(uint32_t channel, CallPoint at);
void receiveThrough(uint32_t channel, CallPoint at);

/// Through the descriptor's channel, where it has one.
void sending(int descriptor, CallPoint at);
/// Something was there to be read.
void readable(int descriptor, CallPoint at);
void copied(int from, int to);

/// Of a socket in this process that takes datagrams under that name.
uint32_t datagramsTo(const sockaddr *address, socklen_t length);
/// Of the file, for those who lock it.
uint32_t fileChannel(int descriptor);

} // namespace gordian::runtime

#endif
