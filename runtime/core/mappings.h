// SPDX-License-Identifier: MIT
//
// What memory lies at an address: /proc/self/maps, read with system calls only. Slow; for what is asked once
// for each process-shared object, or when everything stands still anyway.
#ifndef GORDIAN_CORE_MAPPINGS_H
#define GORDIAN_CORE_MAPPINGS_H

#include <cstdint>

namespace gordian::runtime {

struct Mapping {
  uintptr_t begin, end;
  uint64_t offset, device, inode; // of the file, or of what stands for one (anonymous shared memory has one)
  bool shared;                    // stores are seen by other processes
};

/// False: nothing is mapped there, or it cannot be read.
bool mappingAt(uintptr_t address, Mapping &out);

/// One line of the file; false where it is none. For tests.
bool parseMapping(const char *line, Mapping &out);

} // namespace gordian::runtime

#endif
