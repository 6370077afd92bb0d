// SPDX-License-Identifier: MIT
//
// Contexts of a recording -> stacks and steps. A context holds return addresses and, where an interpreter
// ran, its own frames; the reader of a report sees the latter (a Python line) and not the interpreter's C
// functions.
#ifndef GORDIAN_TRACE_STACKS_H
#define GORDIAN_TRACE_STACKS_H

#include "trace/recording.h"
#include "trace/symbolize.h"
#include "trace/system_code.h"

namespace gordian::trace {

/// Where a frame's code is: what Symbolizer needs to know more about the function.
struct CodeAddress {
  ModuleFile module;
  uint64_t offset = 0;
  size_t inlined = 0; // which of the frames at this address
};

struct Stack {
  std::vector<Frame> all;             // as captured, innermost first
  std::vector<CodeAddress> addresses; // of `all`, same size; module empty for an interpreter's frames
  ReadableStack readable;
  size_t lead = 0;     // index into `all` of the frame that leads
  bool source = false; // an interpreter's frames
  std::string caller;  // path of the module that called the lock function
  /// A lock operation that the interpreter did for itself, not for the program that it runs, has this caller.
  bool calledByInterpreter() const { return isInterpreter(caller); }
  const Frame *leading() const {
    return readable.frames.empty() ? nullptr : &readable.frames[readable.first];
  }
};

class Stacks {
public:
  Stacks(const Recording &recording, Symbolizer &symbolizer);

  const Stack &at(Place context);

  /// A step at a context. `subject` is what the step's reader defines it to be.
  Step step(StepKind kind, Place context, int subject = -1, gordian::Mode mode = gordian::Mode::Exclusive);
  /// The same, behind a Call step for each wrapper between the leading frame and the primitive (`Mutex::lock`
  /// of the user's own): the line that takes the lock is told too, and the line that a reader looks for
  /// leads.
  std::vector<Step> witness(StepKind kind, Place context, int subject = -1,
                            gordian::Mode mode = gordian::Mode::Exclusive);
  /// A step at one return address without a stack.
  Step stepAt(StepKind kind, uint32_t process, uint64_t returnAddress, int subject = -1);

  /// The module that covers an address of a process (at any time), and the address in its file.
  std::optional<CodeAddress> moduleAt(uint32_t process, uint64_t address, uint32_t generation = ~0u) const;

  /// The user function that leads at a context; "" unknown.
  std::string functionAt(Place context);

private:
  struct Module {
    ModuleFile file;
    uint64_t base, begin, end;
    uint32_t loaded, unloaded; // generations
  };
  void readModules(uint32_t process);
  Stack build(Place context);
  void addAddress(Stack &stack, uint32_t process, uint64_t returnAddress, uint32_t generation);
  void addSource(Stack &stack, uint32_t process, Ref source);
  static Step stepOf(StepKind kind, const ReadableStack &stack, int subject, gordian::Mode mode);

  const Recording &recording;
  Symbolizer &symbolizer;
  std::vector<std::vector<Module>> modules; // by process
  std::map<Place, Stack> known;
};

} // namespace gordian::trace

#endif
