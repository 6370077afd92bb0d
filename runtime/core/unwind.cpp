// SPDX-License-Identifier: MIT
#include "core/unwind.h"

#include "core/dwarf_reader.h"
#include "core/modules.h"
#include "core/sys.h"

namespace gordian::runtime {

namespace {

/// How a register of the caller is found.
struct Rule {
  enum Kind : uint8_t {
    Same,
    Undefined,
    Offset,
    ValueOffset,
    Register,
    Expression,
    ValueExpression
  } kind = Same;
  int64_t value = 0; // offset from the CFA, register number, or the address of an expression
};

struct Row {
  Rule registers[kRegisters];
  bool cfaIsExpression = false;
  uint64_t cfaRegister = kStackRegister;
  int64_t cfaOffset = 0; // or the address of an expression
};

struct Function {
  uintptr_t begin, size;
  uint64_t codeAlign;
  int64_t dataAlign;
  uint64_t returnRegister;
  bool signalFrame = false;
  uint8_t pointerEncoding = 0;
  const uint8_t *initial, *initialEnd; // the CIE's program
  const uint8_t *program, *programEnd; // the FDE's
};

/// Memory of the walked stack.
bool load(const Frame &frame, uintptr_t address, uintptr_t &out) {
  const uintptr_t low = frame.registers.value[kStackRegister];
  // A signal handler's frames may lie elsewhere (sigaltstack), as do those of coroutines: there the kernel is
  // asked.
  if (address >= low && address + sizeof(out) <= frame.stackHigh && frame.stackHigh - low < (64u << 20)) {
    memcpy(&out, reinterpret_cast<const void *>(address), sizeof(out));
    return true;
  }
  return readMemory(address, &out, sizeof(out));
}

/// A record's extent: `content` behind its length.
bool openEntry(const uint8_t *entry, DwarfReader &content) {
  DwarfReader r(entry, entry + 16);
  uint64_t length = r.fixed<uint32_t>();
  if (length == 0 || length >= 0xfffffff0u)
    return false; // end mark, or 64-bit form, which no compiler writes into .eh_frame
  content = DwarfReader(r.at(), r.at() + length);
  return true;
}

bool readCie(const uint8_t *entry, Function &f) {
  DwarfReader r(nullptr, nullptr);
  if (!openEntry(entry, r) || r.fixed<uint32_t>() != 0)
    return false;
  const uint8_t version = r.fixed<uint8_t>();
  if (version != 1 && version != 3)
    return false;
  const char *augmentation = reinterpret_cast<const char *>(r.at());
  r.skip(strnlen(augmentation, r.left()) + 1);
  f.codeAlign = r.unsignedNumber();
  f.dataAlign = r.signedNumber();
  f.returnRegister = version == 1 ? r.fixed<uint8_t>() : r.unsignedNumber();
  if (*augmentation == 'z') {
    const uint64_t size = r.unsignedNumber();
    if (size > r.left())
      return false;
    DwarfReader data(r.at(), r.at() + size);
    for (const char *a = augmentation + 1; *a; a++) {
      if (*a == 'R')
        f.pointerEncoding = data.fixed<uint8_t>();
      else if (*a == 'P') { // the personality: an encoding and a pointer of that encoding, not followed
        const uint8_t encoding = data.fixed<uint8_t>();
        data.pointer(encoding & 0x0f);
      } else if (*a == 'L')
        data.skip(1);
      else if (*a == 'S')
        f.signalFrame = true;
      else if (*a != 'B')
        return false;
    }
    r.skip(size);
  } else if (*augmentation) {
    return false;
  }
  f.initial = r.at();
  f.initialEnd = r.end();
  return r.ok();
}

bool readFde(const uint8_t *entry, Function &f) {
  DwarfReader r(nullptr, nullptr);
  if (!openEntry(entry, r))
    return false;
  const uint8_t *ciePlace = r.at();
  const uint32_t back = r.fixed<uint32_t>();
  if (back == 0 || !readCie(ciePlace - back, f))
    return false;
  f.begin = r.pointer(f.pointerEncoding);
  f.size = r.pointer(f.pointerEncoding & 0x0f);
  r.skip(r.unsignedNumber()); // augmentation data: the language-specific area
  f.program = r.at();
  f.programEnd = r.end();
  return r.ok();
}

/// Binary search in .eh_frame_hdr.
bool findFunction(const Module &module, uintptr_t pc, Function &f) {
  constexpr uint8_t kTableEncoding = 0x3b; // datarel, sdata4: what linkers write
  const uint8_t *table = module.unwindTable;
  if (!table || table[0] != 1 || table[3] != kTableEncoding)
    return false;
  const auto base = reinterpret_cast<uintptr_t>(table);
  DwarfReader r(table + 4, table + 32);
  r.pointer(table[1], base);
  const uintptr_t count = r.pointer(table[2], base);
  if (!r.ok() || count == 0 || count > (1u << 28))
    return false;
  struct Entry {
    int32_t begin, entry;
  };
  const auto *entries = reinterpret_cast<const Entry *>(r.at());
  size_t low = 0, high = count;
  while (high - low > 1) {
    const size_t middle = (low + high) / 2;
    (base + uintptr_t(intptr_t(entries[middle].begin)) <= pc ? low : high) = middle;
  }
  return readFde(table + entries[low].entry, f) && pc - f.begin < f.size;
}

// ---------------------------------------------------------------------------------------------------------------

constexpr unsigned kExpressionStack = 16;

/// DWARF expression on a small stack; false where it uses what call frames do not need.
bool evaluate(const uint8_t *block, const Frame &frame, bool pushCfa, uintptr_t cfa, uintptr_t &result) {
  DwarfReader size(block, block + 10);
  const uint64_t length = size.unsignedNumber();
  DwarfReader r(size.at(), size.at() + length);
  uintptr_t stack[kExpressionStack + 1];
  unsigned n = 0;
  if (pushCfa)
    stack[n++] = cfa;
  while (r.more()) {
    const uint8_t op = r.fixed<uint8_t>();
    if (n >= kExpressionStack)
      return false;
    if (op >= 0x30 && op <= 0x4f) { // lit0 ..
      stack[n++] = op - 0x30;
    } else if (op >= 0x70 && op <= 0x8f) { // breg0 ..
      const unsigned reg = op - 0x70;
      if (reg >= kRegisters)
        return false;
      const bool isPc = reg == kRegisters - 1;
      stack[n++] = (isPc ? frame.registers.pc : frame.registers.value[reg]) + uintptr_t(r.signedNumber());
    } else if (op == 0x08) {
      stack[n++] = r.fixed<uint8_t>();
    } else if (op == 0x09) {
      stack[n++] = uintptr_t(intptr_t(r.fixed<int8_t>()));
    } else if (op == 0x0a) {
      stack[n++] = r.fixed<uint16_t>();
    } else if (op == 0x0b) {
      stack[n++] = uintptr_t(intptr_t(r.fixed<int16_t>()));
    } else if (op == 0x10) {
      stack[n++] = uintptr_t(r.unsignedNumber());
    } else if (op == 0x11) {
      stack[n++] = uintptr_t(r.signedNumber());
    } else if (op == 0x12 && n >= 1) { // dup
      stack[n] = stack[n - 1];
      n++;
    } else if (op == 0x13 && n >= 1) { // drop
      n--;
    } else if (op == 0x06 && n >= 1) { // deref
      if (!load(frame, stack[n - 1], stack[n - 1]))
        return false;
    } else if (op == 0x23 && n >= 1) { // plus_uconst
      stack[n - 1] += uintptr_t(r.unsignedNumber());
    } else if (n >= 2) {
      const uintptr_t b = stack[--n];
      uintptr_t &a = stack[n - 1];
      switch (op) {
      case 0x1a:
        a &= b;
        break;
      case 0x1c:
        a -= b;
        break;
      case 0x1e:
        a *= b;
        break;
      case 0x21:
        a |= b;
        break;
      case 0x22:
        a += b;
        break;
      case 0x24:
        a <<= b & 63;
        break;
      case 0x25:
        a >>= b & 63;
        break;
      case 0x29:
        a = a == b;
        break;
      case 0x2a:
        a = intptr_t(a) >= intptr_t(b);
        break;
      case 0x2b:
        a = intptr_t(a) > intptr_t(b);
        break;
      case 0x2c:
        a = intptr_t(a) <= intptr_t(b);
        break;
      case 0x2d:
        a = intptr_t(a) < intptr_t(b);
        break;
      case 0x2e:
        a = a != b;
        break;
      default:
        return false;
      }
    } else {
      return false;
    }
  }
  if (!r.ok() || n == 0)
    return false;
  result = stack[n - 1];
  return true;
}

/// Runs a call-frame program up to `pc`.
class Interpreter {
public:
  Interpreter(const Function &f, uintptr_t pc) : f_(f), location_(f.begin), pc_(pc) {}

  bool run(const uint8_t *begin, const uint8_t *end) {
    DwarfReader r(begin, end);
    while (r.more() && location_ <= pc_)
      if (!instruction(r))
        return false;
    return r.ok();
  }

  void keepInitial() { initial_ = row; }

  Row row;

private:
  void set(uint64_t reg, Rule rule) {
    if (reg < kRegisters)
      row.registers[reg] = rule;
  }
  void restore(uint64_t reg) {
    if (reg < kRegisters)
      row.registers[reg] = initial_.registers[reg];
  }
  int64_t skipBlock(DwarfReader &r) {
    const auto at = int64_t(reinterpret_cast<uintptr_t>(r.at()));
    r.skip(r.unsignedNumber());
    return at;
  }

  bool instruction(DwarfReader &r) {
    const uint8_t byte = r.fixed<uint8_t>();
    const uint8_t low = byte & 0x3f;
    switch (byte & 0xc0) {
    case 0x40:
      location_ += low * f_.codeAlign;
      return true; // advance
    case 0x80:
      set(low, {Rule::Offset, int64_t(r.unsignedNumber()) * f_.dataAlign});
      return true; // offset
    case 0xc0:
      restore(low);
      return true;
    default:
      return extended(low, r);
    }
  }

  bool extended(uint8_t op, DwarfReader &r) {
    uint64_t reg;
    switch (op) {
    case 0x00:
      return true; // nop
    case 0x01:
      location_ = r.pointer(f_.pointerEncoding);
      return true;
    case 0x02:
      location_ += r.fixed<uint8_t>() * f_.codeAlign;
      return true;
    case 0x03:
      location_ += r.fixed<uint16_t>() * f_.codeAlign;
      return true;
    case 0x04:
      location_ += r.fixed<uint32_t>() * f_.codeAlign;
      return true;
    case 0x05: // offset_extended
      reg = r.unsignedNumber();
      set(reg, {Rule::Offset, int64_t(r.unsignedNumber()) * f_.dataAlign});
      return true;
    case 0x06:
      restore(r.unsignedNumber());
      return true;
    case 0x07:
      set(r.unsignedNumber(), {Rule::Undefined, 0});
      return true;
    case 0x08:
      set(r.unsignedNumber(), {Rule::Same, 0});
      return true;
    case 0x09:
      reg = r.unsignedNumber();
      set(reg, {Rule::Register, int64_t(r.unsignedNumber())});
      return true;
    case 0x0a: // remember_state
      if (depth_ == kSaved)
        return false;
      saved_[depth_++] = row;
      return true;
    case 0x0b: // restore_state
      if (depth_ == 0)
        return false;
      row = saved_[--depth_];
      return true;
    case 0x0c:
      return defineCfa(r.unsignedNumber(), r, 1, false);
    case 0x0d:
      row.cfaRegister = r.unsignedNumber();
      return true;
    case 0x0e:
      row.cfaOffset = int64_t(r.unsignedNumber());
      return true;
    case 0x0f:
      row.cfaIsExpression = true;
      row.cfaOffset = skipBlock(r);
      return true;
    case 0x10:
      reg = r.unsignedNumber();
      set(reg, {Rule::Expression, skipBlock(r)});
      return true;
    case 0x11: // offset_extended_sf
      reg = r.unsignedNumber();
      set(reg, {Rule::Offset, r.signedNumber() * f_.dataAlign});
      return true;
    case 0x12:
      return defineCfa(r.unsignedNumber(), r, f_.dataAlign, true);
    case 0x13:
      row.cfaOffset = r.signedNumber() * f_.dataAlign;
      return true;
    case 0x14:
      reg = r.unsignedNumber();
      set(reg, {Rule::ValueOffset, int64_t(r.unsignedNumber()) * f_.dataAlign});
      return true;
    case 0x15:
      reg = r.unsignedNumber();
      set(reg, {Rule::ValueOffset, r.signedNumber() * f_.dataAlign});
      return true;
    case 0x16:
      reg = r.unsignedNumber();
      set(reg, {Rule::ValueExpression, skipBlock(r)});
      return true;
    case 0x2d:
      return true; // AArch64: the return address is signed from here (stripped below)
    case 0x2e:
      r.unsignedNumber();
      return true; // GNU_args_size
    case 0x2f:     // GNU_negative_offset_extended
      reg = r.unsignedNumber();
      set(reg, {Rule::Offset, -int64_t(r.unsignedNumber()) * f_.dataAlign});
      return true;
    default:
      return false;
    }
  }

  bool defineCfa(uint64_t reg, DwarfReader &r, int64_t factor, bool isSigned) {
    row.cfaIsExpression = false;
    row.cfaRegister = reg;
    row.cfaOffset = isSigned ? r.signedNumber() * factor : int64_t(r.unsignedNumber());
    return true;
  }

  static constexpr unsigned kSaved = 4; // compilers nest one or two
  const Function &f_;
  uintptr_t location_;
  const uintptr_t pc_;
  Row initial_;
  Row saved_[kSaved];
  unsigned depth_ = 0;
};

// ---------------------------------------------------------------------------------------------------------------

bool cfaOf(const Row &row, const Frame &frame, uintptr_t &cfa) {
  if (row.cfaIsExpression)
    return evaluate(reinterpret_cast<const uint8_t *>(row.cfaOffset), frame, false, 0, cfa);
  if (row.cfaRegister >= kRegisters)
    return false;
  cfa = frame.registers.value[row.cfaRegister] + uintptr_t(row.cfaOffset);
  return true;
}

/// The caller's value of register `reg`; `slot` is where it was saved, if in memory.
bool recover(const Rule &rule, const Frame &frame, unsigned reg, uintptr_t cfa, uintptr_t &value,
             uintptr_t &slot) {
  slot = 0;
  switch (rule.kind) {
  case Rule::Same:
    value = frame.registers.value[reg];
    return true;
  case Rule::Undefined:
    value = 0;
    return true;
  case Rule::Register:
    value = uint64_t(rule.value) < kRegisters ? frame.registers.value[rule.value] : 0;
    return true;
  case Rule::ValueOffset:
    value = cfa + uintptr_t(rule.value);
    return true;
  case Rule::ValueExpression:
    return evaluate(reinterpret_cast<const uint8_t *>(rule.value), frame, true, cfa, value);
  case Rule::Offset:
    slot = cfa + uintptr_t(rule.value);
    return load(frame, slot, value);
  case Rule::Expression:
    return evaluate(reinterpret_cast<const uint8_t *>(rule.value), frame, true, cfa, slot) &&
           load(frame, slot, value);
  }
  return false;
}

} // namespace

uintptr_t functionOfCall(uintptr_t returnAddress) {
  const Module *module = findModule(returnAddress - 1);
  Function f;
  return module && findFunction(*module, returnAddress - 1, f) ? f.begin : 0;
}

bool stepOut(Frame &frame) {
  // A return address may be the first byte of the next function (the call does not return): look at the call.
  const uintptr_t pc = frame.registers.pc - (frame.callee ? 1 : 0);
  const Module *module = findModule(pc);
  Function f;
  if (!module || !findFunction(*module, pc, f))
    return false;
  Interpreter interpreter(f, pc);
  if (!interpreter.run(f.initial, f.initialEnd))
    return false;
  interpreter.keepInitial();
  if (!interpreter.run(f.program, f.programEnd))
    return false;

  const Row &row = interpreter.row;
  uintptr_t cfa = 0;
  if (!cfaOf(row, frame, cfa))
    return false;
  Registers caller = frame.registers;
  uintptr_t slot = 0, returnSlot = 0;
  for (unsigned reg = 0; reg < kRegisters; reg++) {
    if (!recover(row.registers[reg], frame, reg, cfa, caller.value[reg], slot))
      return false;
    if (reg == f.returnRegister)
      returnSlot = slot;
  }
  // The stack pointer's rule is usually not written down: it is the CFA.
  if (row.registers[kStackRegister].kind == Rule::Same)
    caller.value[kStackRegister] = cfa;
  const bool ended =
      f.returnRegister >= kRegisters || row.registers[f.returnRegister].kind == Rule::Undefined;
  caller.pc = ended ? 0 : caller.value[f.returnRegister];
#if defined(__aarch64__)
  caller.pc &= (uintptr_t(1) << 48) - 1; // pointer authentication
#endif
  const bool progress = caller.value[kStackRegister] > frame.registers.value[kStackRegister] ||
                        f.signalFrame || caller.pc != frame.registers.pc;
  frame.registers = caller;
  frame.callee = !f.signalFrame;
  frame.cfa = cfa;
  frame.slot = returnSlot;
  frame.byFramePointer = !row.cfaIsExpression && row.cfaRegister == kFrameRegister;
  frame.functionSize = f.size > UINT32_MAX ? UINT32_MAX : uint32_t(f.size);
  return caller.pc != 0 && progress;
}

} // namespace gordian::runtime
