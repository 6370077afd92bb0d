// SPDX-License-Identifier: MIT
//
// Calling contexts: callKey -> ContextRecord. The stack is unwound when a key is met for the first time in
// the process, never again; so a miss of a thread's cache costs no unwinding as long as its context is known.
#ifndef GORDIAN_TRACE_CONTEXTS_H
#define GORDIAN_TRACE_CONTEXTS_H

#include "trace/thread_state.h"

namespace gordian::runtime {

/// The context of a hook called at `at`, whose callKey is `key`. kNoRef where it cannot be recorded.
trace::Ref contextAt(ThreadState *t, CallPoint at, uint64_t key);

/// The context that was recorded for the key, kNoRef: none.
trace::Ref contextOf(uint64_t key);

/// A place given by name (annotate.h). The strings must live as long as the process or be equal at equal
/// addresses.
trace::Ref contextOfSource(ThreadState *t, CallPoint at, uint64_t key, const char *file, int line,
                           const char *function);
inline uint64_t sourceKey(uint64_t key, const char *file, int line) {
  return mixKey(mixKey(key, reinterpret_cast<uintptr_t>(file)), uint64_t(line));
}

/// Only the return address: for sites beyond the limit of contexts.
trace::Ref contextOfAddress(uintptr_t pc, uint64_t key);

extern FutexLock contextsLock;
void forgetContexts(); // in the child of a fork: its trace has none yet

} // namespace gordian::runtime

#endif
