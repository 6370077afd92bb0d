// SPDX-License-Identifier: MIT
//
// See hand_offs.h.
#include "trace/hand_offs.h"

#include "trace/debug_types.h"
#include "trace/system_code.h"

#include "llvm/DebugInfo/DWARF/DWARFCompileUnit.h"
#include "llvm/DebugInfo/DWARF/DWARFContext.h"

#include <set>
#include <string>

using namespace llvm;

namespace gordian::trace {

namespace {

enum Kind : uint8_t {
  Latch = 1,
  Barrier = 2,
  Semaphore = 4,
  Future = 8,
  Wait = 16,
  Flag = 32,
  Stream = kStream,
  Interrupt = kInterrupt
};
enum class Role { Waits, Signals, Both, SignalsAtEnd };

struct Row {
  const char *function; // without template arguments
  Kind kind;
  Role role;
};

constexpr Row kRows[] = {
    {"std::latch::wait", Latch, Role::Waits},
    {"std::latch::try_wait", Latch, Role::Waits},
    {"std::latch::count_down", Latch, Role::Signals},
    {"std::latch::arrive_and_wait", Latch, Role::Both},
    {"std::barrier::wait", Barrier, Role::Waits},
    {"std::barrier::arrive", Barrier, Role::Signals},
    {"std::barrier::arrive_and_drop", Barrier, Role::Signals},
    {"std::barrier::arrive_and_wait", Barrier, Role::Both},
    {"std::counting_semaphore::acquire", Semaphore, Role::Waits},
    {"std::counting_semaphore::try_acquire", Semaphore, Role::Waits},
    {"std::counting_semaphore::try_acquire_for", Semaphore, Role::Waits},
    {"std::counting_semaphore::try_acquire_until", Semaphore, Role::Waits},
    {"std::counting_semaphore::release", Semaphore, Role::Signals},
    {"std::future::get", Future, Role::Waits},
    {"std::shared_future::get", Future, Role::Waits},
    {"std::__basic_future::wait", Future, Role::Waits},
    {"std::__basic_future::wait_for", Future, Role::Waits},
    {"std::__basic_future::wait_until", Future, Role::Waits},
    {"std::__basic_future::_M_get_result", Future, Role::Waits},
    {"std::promise::set_value", Future, Role::Signals},
    {"std::promise::set_exception", Future, Role::Signals},
    {"std::promise::set_value_at_thread_exit", Future, Role::SignalsAtEnd},
    {"std::promise::set_exception_at_thread_exit", Future, Role::SignalsAtEnd},
    {"std::packaged_task::make_ready_at_thread_exit", Future, Role::SignalsAtEnd},
    {"std::packaged_task::operator()", Future, Role::Signals},
    {"std::__future_base::_State_baseV2::_M_set_result", Future, Role::Signals},
    {"std::atomic::wait", Wait, Role::Waits},
    {"std::__atomic_base::wait", Wait, Role::Waits},
    {"std::atomic_flag::wait", Wait, Role::Waits},
    {"std::atomic::notify_one", Wait, Role::Signals},
    {"std::atomic::notify_all", Wait, Role::Signals},
    {"std::__atomic_base::notify_one", Wait, Role::Signals},
    {"std::__atomic_base::notify_all", Wait, Role::Signals},
    {"std::atomic_flag::notify_one", Wait, Role::Signals},
    {"std::atomic_flag::notify_all", Wait, Role::Signals},
    {"std::atomic::load", Flag, Role::Waits},
    {"std::__atomic_base::load", Flag, Role::Waits},
    {"std::atomic_flag::test", Flag, Role::Waits},
    {"std::atomic::store", Flag, Role::Signals},
    {"std::__atomic_base::store", Flag, Role::Signals},
    {"std::atomic_flag::test_and_set", Flag, Role::Waits},
    {"std::atomic_flag::clear", Flag, Role::Signals},
    {"std::atomic::exchange", Flag, Role::Both},
    {"std::__atomic_base::exchange", Flag, Role::Both},
    {"std::atomic::compare_exchange_weak", Flag, Role::Both},
    {"std::atomic::compare_exchange_strong", Flag, Role::Both},
    {"std::__atomic_base::compare_exchange_weak", Flag, Role::Both},
    {"std::__atomic_base::compare_exchange_strong", Flag, Role::Both},
    // A count-down, whose last one is told by what it reads.
    {"std::__atomic_base::fetch_sub", Flag, Role::Both},
    {"std::__atomic_base::operator--", Flag, Role::Both},
    // Behind the C library's border: its streams read and write without a call that could be hooked.
    {"getline", Stream, Role::Waits},
    {"getdelim", Stream, Role::Waits},
    {"__getdelim", Stream, Role::Waits},
    {"fgets", Stream, Role::Waits},
    {"fgetc", Stream, Role::Waits},
    {"getc", Stream, Role::Waits},
    {"fread", Stream, Role::Waits},
    {"fscanf", Stream, Role::Waits},
    {"fprintf", Stream, Role::Signals},
    {"vfprintf", Stream, Role::Signals},
    {"dprintf", Stream, Role::Signals},
    {"vdprintf", Stream, Role::Signals},
    {"fputs", Stream, Role::Signals},
    {"fputc", Stream, Role::Signals},
    {"putc", Stream, Role::Signals},
    {"fwrite", Stream, Role::Signals},
    {"fflush", Stream, Role::Signals},
    {"fclose", Stream, Role::Signals},
    {"write", Stream, Role::Signals},
    {"close", Stream, Role::Signals},
    // A handler runs, wherever.
    {"raise", Interrupt, Role::Signals},
    {"kill", Interrupt, Role::Signals},
    {"pthread_kill", Interrupt, Role::Signals},
    {"sigqueue", Interrupt, Role::Signals},
    {"pthread_sigqueue", Interrupt, Role::Signals},
    {"tgkill", Interrupt, Role::Signals},
    {"alarm", Interrupt, Role::Signals},
    {"setitimer", Interrupt, Role::Signals},
    {"timer_settime", Interrupt, Role::Signals},
};

std::string withoutArguments(const std::string &name) {
  std::string out;
  int depth = 0;
  for (char c : name) {
    depth += c == '<';
    if (depth == 0)
      out += c;
    depth -= c == '>' && depth > 0;
  }
  return out;
}

const Row *rowOf(DWARFDie function) {
  const std::string full = withoutArguments(qualifiedName(function));
  std::string_view name = full;
  for (std::string_view prefix : {"__builtin_", "__isoc99_", "__isoc23_"})
    if (name.starts_with(prefix))
      name.remove_prefix(prefix.size());
  for (const Row &row : kRows)
    if (name == row.function)
      return &row;
  return nullptr;
}

class Search {
public:
  explicit Search(uint64_t at) : place(at) {}
  void walk(DWARFDie scope, unsigned depth);
  HandOffs found;

private:
  void note(DWARFDie function, uint64_t at, unsigned depth);
  void add(const Row &row, uint64_t at);
  bool before(uint64_t at) const { return fixed ? fixedBefore : at < place; }

  uint64_t place;
  bool fixed = false, fixedBefore = false; // inside a function that is called from here
  std::set<uint64_t> visited;
};

void Search::add(const Row &row, uint64_t at) {
  const bool waits = row.role == Role::Waits || row.role == Role::Both;
  if (waits && before(at))
    found.waitsBefore |= row.kind;
  if (row.role == Role::SignalsAtEnd || (row.role != Role::Waits && !before(at)))
    found.signalsAfter |= row.kind;
}

/// `function` stands at `at`, as a call or inlined.
void Search::note(DWARFDie function, uint64_t at, unsigned depth) {
  if (const Row *row = rowOf(function))
    return add(*row, at);
  // What the program's own functions do counts where they are called.
  constexpr unsigned kDepth = 3;
  if (depth == kDepth || function.getTag() != dwarf::DW_TAG_subprogram ||
      isSystemHeader(declaredFile(function)) || !visited.insert(function.getOffset() * 2 + before(at)).second)
    return;
  const bool outerFixed = fixed, outerBefore = fixedBefore;
  fixedBefore = before(at);
  fixed = true;
  walk(function, depth + 1);
  fixed = outerFixed;
  fixedBefore = outerBefore;
}

void Search::walk(DWARFDie scope, unsigned depth) {
  for (DWARFDie child : scope.children()) {
    switch (child.getTag()) {
    case dwarf::DW_TAG_inlined_subroutine: {
      auto ranges = child.getAddressRanges();
      if (!ranges) {
        consumeError(ranges.takeError());
        break;
      }
      if (const Row *row = rowOf(child))
        for (const DWARFAddressRange &range : *ranges)
          add(*row, range.LowPC);
      walk(child, depth);
      break;
    }
    case dwarf::DW_TAG_call_site:
    case dwarf::DW_TAG_GNU_call_site: {
      DWARFDie callee = child.getAttributeValueAsReferencedDie(dwarf::DW_AT_call_origin);
      if (!callee)
        callee = child.getAttributeValueAsReferencedDie(dwarf::DW_AT_abstract_origin);
      std::optional<uint64_t> at = dwarf::toAddress(child.find(dwarf::DW_AT_call_return_pc));
      if (!at)
        at = dwarf::toAddress(child.find(dwarf::DW_AT_low_pc));
      if (callee && at)
        note(callee, *at, depth);
      break;
    }
    case dwarf::DW_TAG_lexical_block:
      walk(child, depth);
      break;
    default:
      break;
    }
  }
}

} // namespace

bool mayOrder(const HandOffs &earlier, const HandOffs &later) {
  bool direct = (earlier.signalsAfter & later.waitsBefore) != 0;
  constexpr uint8_t kDirect = Flag | Stream | Interrupt;
  bool overOthers = (earlier.signalsAfter & ~kDirect) != 0 && (later.waitsBefore & ~kDirect) != 0;
  bool byHandler = (earlier.signalsAfter & Interrupt) != 0 && (later.waitsBefore & Flag) != 0;
  return direct || overOthers || byHandler;
}

HandOffs handOffsAround(DWARFContext &context, uint64_t address) {
  DWARFCompileUnit *unit = context.getCompileUnitForCodeAddress(address);
  if (!unit)
    return {};
  SmallVector<DWARFDie, 4> chain;
  unit->getInlinedChainForAddress(address, chain);
  if (chain.empty())
    return {};
  Search search(address);
  search.walk(chain.back(), 0);
  return search.found;
}

uint8_t setsFuture(std::string_view function) {
  for (std::string_view part :
       {"std::__future_base::_Task_setter", "std::__future_base::_State_baseV2::_M_do_set",
        "std::__future_base::_Task_state"})
    if (function.find(part) != std::string_view::npos)
      return Future;
  return 0;
}

} // namespace gordian::trace
