// SPDX-License-Identifier: MIT
//
// The frames of the CPython interpreter, read from its memory by a thread that is inside a call from Python
// code: that thread's frames stand still, and code objects live as long as frames refer to them. No
// interpreter lock is needed and no Python code is run.
//
// Layouts differ by version and are in one table (release builds of 3.11 to 3.13, with interpreter lock).
// Each code object is recognised by its type before anything else in it is believed; another version, or a
// frame that does not look right, means "no Python frames".
#ifndef GORDIAN_TRACE_PYTHON_FRAMES_H
#define GORDIAN_TRACE_PYTHON_FRAMES_H

#include "trace/thread_state.h"

namespace gordian::runtime {

/// One frame: the code object and the byte offset of the instruction in it.
struct PythonFrame {
  const char *code;
  uint32_t instruction;
};

/// Looks for an interpreter in the process; once, at start.
void findPython();
bool pythonIsThere();
uintptr_t interpreterCode();
bool isPythonLockLayer(uintptr_t function); // PyThread_acquire_lock and the like // an address in it

/// The calling thread's frames, innermost first; returns how many.
unsigned pythonFrames(PythonFrame *frames, unsigned limit);

/// The code's file and qualified function name, as far as they fit; the line of the instruction.
uint32_t pythonLine(const PythonFrame &frame);
size_t pythonFile(const PythonFrame &frame, char *out, size_t size);
size_t pythonFunction(const PythonFrame &frame, char *out, size_t size);

/// How the frame's current instruction asks for a lock: `with` and a call without arguments wait, a constant
/// False does not, another constant is a time limit. What is computed is not known.
enum class PythonRequest : uint8_t { Waits, Tries, Timed, Unknown };
PythonRequest pythonRequest(const PythonFrame &frame);
bool pythonIsWith(const PythonFrame &frame); // a `with` statement enters

} // namespace gordian::runtime

#endif
