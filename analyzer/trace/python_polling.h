// SPDX-License-Identifier: MIT
//
// polling.h for Python source: `while not done: sleep(...)` in a function, before a line of it, and `done =
// True` or `done.append(1)` behind a line. Read from the text by its indentation, since a run shows neither;
// names are compared as they are written, whatever object they belong to (may miss).
#ifndef GORDIAN_TRACE_PYTHON_POLLING_H
#define GORDIAN_TRACE_PYTHON_POLLING_H

#include <set>
#include <string>
#include <string_view>

namespace gordian::trace {

struct PythonPolling {
  std::set<std::string>
      readBefore; // in the condition of a loop that ends before the line, and not written in it
  std::set<std::string> writtenAfter; // in the same function
};

/// `line` counts from 1.
PythonPolling pythonPollingAround(std::string_view source, unsigned line);

} // namespace gordian::trace

#endif
