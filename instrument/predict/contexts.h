// SPDX-License-Identifier: MIT
//
// Calling contexts: each is a place (a return address) in a calling context; 0 is the outermost. A context is
// one number that is the same whenever the same calls lead to the same place, so that an access costs four
// bytes to remember and its stack can be told later.
#ifndef GORDIAN_INSTRUMENT_PREDICT_CONTEXTS_H
#define GORDIAN_INSTRUMENT_PREDICT_CONTEXTS_H

#include "predict/system.h"

namespace gordian::predict {

using Context = uint32_t;

class Contexts {
public:
  bool init();
  /// The place `pc` reached from `caller`. 0 when there are too many.
  Context at(Context caller, uintptr_t pc);
  Context callerOf(Context context) const { return nodes_[context].caller; }
  uintptr_t pcOf(Context context) const { return nodes_[context].pc; }

private:
  struct Node {
    uintptr_t pc;
    Context caller;
  };
  static constexpr uint32_t kNodes = 1u << 20;
  static constexpr uint32_t kSlots = kNodes * 2;

  Node *nodes_ = nullptr;
  std::atomic<Context> *slots_ = nullptr; // hashed, linear probing
  std::atomic<uint32_t> used_{0};
};

/// The calls that one thread is in. A longjmp or an exception past uninstrumented frames leaves calls behind
/// that are over; the stack pointer tells them.
class CallStack {
public:
  /// `mark` is for the caller to find again when it leaves.
  void enter(uintptr_t pc, uintptr_t stackPointer, bool mark) {
    while (depth_ > 0 && depth_ <= kDeepest && calls_[depth_ - 1].stackPointer <= stackPointer)
      depth_--;
    if (depth_ < kDeepest)
      calls_[depth_] = {pc, stackPointer, 0, mark};
    depth_++;
  }
  bool leave() {
    if (depth_ == 0)
      return false;
    depth_--;
    return depth_ < kDeepest && calls_[depth_].mark;
  }
  /// The place `pc` in the innermost call.
  Context context(Contexts &contexts, uintptr_t pc);

private:
  static constexpr uint32_t kDeepest = 256; // deeper calls count as this one
  struct Call {
    uintptr_t pc; // where it returns to
    uintptr_t stackPointer;
    Context context; // of pc; 0: not asked for yet
    bool mark;
  };

  Call calls_[kDeepest] = {};
  uint32_t depth_ = 0;
};

} // namespace gordian::predict

#endif
