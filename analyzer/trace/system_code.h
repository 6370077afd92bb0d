// SPDX-License-Identifier: MIT
//
// Whose code is it? Reports lead with the innermost frame that is the user's own: neither the runtime's, nor
// the C and C++ libraries', nor a guard's or wrapper's member.
//
// Which way it errs: names decide what a wrapper is (`lock`, `Acquire`, a constructor that calls the
// primitive itself). A wrong guess moves the line that a report leads with by one frame; all frames are kept
// in the step, so no place is lost.
#ifndef GORDIAN_TRACE_SYSTEM_CODE_H
#define GORDIAN_TRACE_SYSTEM_CODE_H

#include "finding/finding.h"

#include <string_view>

namespace gordian::trace {

/// A header of the compiler, the C or the C++ library.
bool isSystemHeader(std::string_view file);

/// A shared library of the system (`/lib/...`, `/usr/lib/...`).
bool isSystemModule(std::string_view path);

/// The CPython interpreter or its library.
bool isInterpreter(std::string_view module);

enum class FrameOwner {
  Runtime, // libgordian.so, ThreadSanitizer and its interceptors
  Library, // C and C++ library, compiler headers
  Wrapper, // the user's own `lock()`, `Guard::Guard(..)`: forwards to the primitive
  Root,    // what calls main or a thread's function
  User,
};

/// `callsPrimitive`: the frames further in are all the runtime's, a library's or wrappers, and none is a
/// standard guard's; only then a function called `lock` is a wrapper.
FrameOwner ownerOf(const Frame &frame, bool callsPrimitive);

/// Does the lock that is created, or used for the first time, at this stack belong to system code? Decided by
/// the innermost frame that is neither the runtime's nor a header's nor a portability layer's.
bool isOwnedBySystem(const std::vector<Frame> &frames);

/// Is this the constructor of one of the standard guards (std::lock_guard, std::unique_lock ...)?
bool isStandardGuard(std::string_view function);

/// What a reader wants of a stack (innermost first): without the runtime's frames and without library frames.
/// `first` is the index of the frame to lead with: the innermost that is no wrapper. A stack without any user
/// frame keeps its first frame outside the runtime.
struct ReadableStack {
  std::vector<Frame> frames;
  size_t first = 0;
  bool userCode = false;
};
ReadableStack readable(const std::vector<Frame> &frames);

} // namespace gordian::trace

#endif
