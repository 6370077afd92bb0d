// SPDX-License-Identifier: MIT
//
// Which channel a descriptor belongs to: a number, 0 for none. See channel_hooks.cpp.
#ifndef GORDIAN_HOOKS_CHANNELS_H
#define GORDIAN_HOOKS_CHANNELS_H

#include <cstdint>

namespace gordian::runtime {

constexpr unsigned kDescriptors = 65536; // those beyond are not looked at
constexpr unsigned kNamedChannels = 256; // numbers behind the descriptors'; see named_channels.cpp

void setChannel(int descriptor, uint32_t channel);

} // namespace gordian::runtime

#endif
