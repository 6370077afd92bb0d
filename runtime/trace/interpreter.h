// SPDX-License-Identifier: MIT
//
// Frames that the machine's stack does not show: those of an interpreter, and places that annotate.h names.
#ifndef GORDIAN_TRACE_INTERPRETER_H
#define GORDIAN_TRACE_INTERPRETER_H

#include "trace/thread_state.h"

namespace gordian::runtime {

/// One frame {file, line, function} as a SourceStackRecord.
trace::Ref writeSourceFrame(const char *file, int line, const char *function);

/// The calling thread's interpreter frames, kNoRef where there is no interpreter.
trace::Ref interpreterStack(ThreadState *t);

} // namespace gordian::runtime

#endif
