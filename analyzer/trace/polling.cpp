// SPDX-License-Identifier: MIT
//
// See polling.h.
#include "trace/polling.h"

#include "trace/sleeping_calls.h"

#include "llvm/DebugInfo/DWARF/DWARFCompileUnit.h"
#include "llvm/DebugInfo/DWARF/DWARFContext.h"
#include "llvm/MC/MCAsmInfo.h"
#include "llvm/MC/MCContext.h"
#include "llvm/MC/MCDisassembler/MCDisassembler.h"
#include "llvm/MC/MCInst.h"
#include "llvm/MC/MCInstrAnalysis.h"
#include "llvm/MC/MCInstrInfo.h"
#include "llvm/MC/MCRegisterInfo.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/MCTargetOptions.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Object/ObjectFile.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Support/raw_ostream.h"

#include <memory>
#include <optional>
#include <vector>

using namespace llvm;

namespace gordian::trace {

namespace {

constexpr uint64_t kLargestFunction = 1 << 16; // bytes
constexpr size_t kLargestPoll = 16;            // instructions of a loop that only polls

struct Instruction {
  uint64_t address = 0;
  std::optional<uint64_t> jump, call, read, written;
  uint64_t end = 0;
  bool calls = false, reads = false, writes = false; // memory, wherever
  unsigned base = 0; // the register that leads there, unless it is the stack's
  int64_t behind = 0;
  MCInst inst;
  bool swaps = false; // reads and writes in one, and looks at what was there: how a lock is taken
};

/// The disassembler of this machine; a trace is looked at where it was made, or nothing is known.
class Decoder {
public:
  Decoder();
  bool usable() const { return analysis != nullptr; }
  bool fits(const object::ObjectFile &object) const {
    return usable() && object.getArch() == triple.getArch();
  }
  /// Decodes the instruction, and returns its size.
  uint64_t decode(ArrayRef<uint8_t> bytes, Instruction &out) const;
  /// Does it nothing to the pointer but read through it?
  bool keeps(const Instruction &i, unsigned base) const;

private:
  void addPointer(const MCInstrDesc &kind, Instruction &out) const;
  Triple triple;
  MCTargetOptions options;
  std::unique_ptr<MCRegisterInfo> registers;
  std::unique_ptr<MCAsmInfo> assembler;
  std::unique_ptr<MCSubtargetInfo> subtarget;
  std::unique_ptr<MCInstrInfo> instructions;
  std::unique_ptr<MCContext> context;
  std::unique_ptr<MCDisassembler> disassembler;
  std::unique_ptr<MCInstrAnalysis> analysis;
};

Decoder::Decoder() : triple(sys::getProcessTriple()) {
  InitializeNativeTarget();
  InitializeNativeTargetDisassembler();
  std::string error;
  const Target *target = TargetRegistry::lookupTarget(triple.str(), error);
  if (!target)
    return;
  registers.reset(target->createMCRegInfo(triple.str()));
  assembler.reset(target->createMCAsmInfo(*registers, triple.str(), options));
  subtarget.reset(target->createMCSubtargetInfo(triple.str(), "", ""));
  instructions.reset(target->createMCInstrInfo());
  context = std::make_unique<MCContext>(triple, assembler.get(), registers.get(), subtarget.get());
  disassembler.reset(target->createMCDisassembler(*subtarget, *context));
  if (disassembler && instructions)
    analysis.reset(target->createMCInstrAnalysis(instructions.get()));
}

/// x86's memory operands: base, scale, index, distance, segment. Elsewhere nothing is known.
void Decoder::addPointer(const MCInstrDesc &kind, Instruction &out) const {
  const MCInst &inst = out.inst;
  const auto *operand =
      find_if(kind.operands(), [](const MCOperandInfo &o) { return o.OperandType == MCOI::OPERAND_MEMORY; });
  const size_t at = size_t(operand - kind.operands().begin());
  if (triple.getArch() != Triple::x86_64 || at + 5 > inst.getNumOperands() || !inst.getOperand(at).isReg() ||
      !inst.getOperand(at + 3).isImm())
    return;
  const StringRef base = registers->getName(inst.getOperand(at).getReg());
  const int64_t behind = inst.getOperand(at + 3).getImm();
  const bool indexed = inst.getOperand(at + 2).getReg() != 0, segment = inst.getOperand(at + 4).getReg() != 0;
  if (indexed || segment || base == "RSP" || base == "RIP" || (base == "RBP" && behind < 0))
    return;
  out.base = inst.getOperand(at).getReg();
  out.behind = behind;
}

bool Decoder::keeps(const Instruction &i, unsigned base) const {
  const MCInstrDesc &kind = instructions->get(i.inst.getOpcode());
  if (kind.hasDefOfPhysReg(i.inst, base, *registers))
    return false;
  for (unsigned n = 0; n < i.inst.getNumOperands(); ++n) {
    const MCOperand &o = i.inst.getOperand(n);
    const bool leads = n < kind.getNumOperands() && kind.operands()[n].OperandType == MCOI::OPERAND_MEMORY;
    if (o.isReg() && o.getReg() && !leads && registers->regsOverlap(o.getReg(), base))
      return false;
  }
  return true;
}

uint64_t Decoder::decode(ArrayRef<uint8_t> bytes, Instruction &out) const {
  MCInst &inst = out.inst;
  uint64_t size = 0;
  if (disassembler->getInstruction(inst, size, bytes, out.address, nulls()) != MCDisassembler::Success)
    return std::max<uint64_t>(size, 1);
  const MCInstrDesc &kind = instructions->get(inst.getOpcode());
  uint64_t target = 0;
  out.end = out.address + size;
  out.calls = kind.isCall();
  if (kind.isCall() || kind.isBranch()) {
    if (analysis->evaluateBranch(inst, out.address, size, target))
      (kind.isCall() ? out.call : out.jump) = target;
    return size;
  }
  out.reads = kind.mayLoad();
  out.writes = kind.mayStore();
  if (out.reads || out.writes)
    addPointer(kind, out);
  if (auto data = analysis->evaluateMemoryOperandAddress(inst, subtarget.get(), out.address, size)) {
    if (kind.mayLoad())
      out.read = data;
    if (kind.mayStore())
      out.written = data;
  }
  const StringRef name = instructions->getName(inst.getOpcode());
  out.swaps = name.contains("XCHG") || name.starts_with("CAS") || name.starts_with("SWP");
  return size;
}

class Search {
public:
  Search(const Decoder &d, const object::ObjectFile &o, DWARFContext &c)
      : decoder(d), object(o), context(c) {}
  Polling around(uint64_t place);

private:
  using Code = std::vector<Instruction>;
  DWARFDie subprogramAt(uint64_t address) const;
  Code functionAt(uint64_t address) const;
  void addLoop(const Code &code, uint64_t first, uint64_t last, std::set<uint64_t> &read) const;
  void addPoll(const Code &code, uint64_t first, uint64_t last, std::set<int64_t> &read) const;
  void addWrites(const Code &code, uint64_t from, unsigned depth, Polling &found) const;
  void addReads(const Code &code, uint64_t before, unsigned depth, Polling &found) const;

  static constexpr unsigned kDepth = 2;
  const Decoder &decoder;
  const object::ObjectFile &object;
  DWARFContext &context;
};

DWARFDie Search::subprogramAt(uint64_t address) const {
  DWARFCompileUnit *unit = context.getCompileUnitForCodeAddress(address);
  DWARFDie function = unit ? unit->getSubroutineForAddress(address) : DWARFDie();
  while (function && !function.isSubprogramDIE())
    function = function.getParent();
  return function;
}

/// The program's own functions only: those with debug information.
Search::Code Search::functionAt(uint64_t address) const {
  const DWARFDie function = subprogramAt(address);
  if (!function)
    return {};
  auto ranges = function.getAddressRanges();
  if (!ranges) {
    consumeError(ranges.takeError());
    return {};
  }
  Code code;
  for (const DWARFAddressRange &range : *ranges) {
    if (address < range.LowPC || address >= range.HighPC || range.HighPC - range.LowPC > kLargestFunction)
      continue;
    for (const object::SectionRef &section : object.sections()) {
      const uint64_t begin = section.getAddress();
      if (!section.isText() || section.isVirtual() || range.LowPC < begin ||
          range.HighPC > begin + section.getSize())
        continue;
      Expected<StringRef> bytes = section.getContents();
      if (!bytes) {
        consumeError(bytes.takeError());
        return {};
      }
      for (uint64_t at = range.LowPC; at < range.HighPC;) {
        code.emplace_back().address = at;
        at += decoder.decode(arrayRefFromStringRef(bytes->slice(at - begin, range.HighPC - begin)),
                             code.back());
      }
    }
  }
  return code;
}

void Search::addLoop(const Code &code, uint64_t first, uint64_t last, std::set<uint64_t> &read) const {
  std::set<uint64_t> here, written;
  auto add = [&](const Instruction &i) {
    if (i.read)
      here.insert(*i.read);
    if (i.written && !i.swaps)
      written.insert(*i.written);
  };
  for (const Instruction &i : code) {
    if (i.address < first || i.address > last)
      continue;
    add(i);
    if (i.call)
      for (const Instruction &inside : functionAt(*i.call))
        add(inside);
  }
  for (uint64_t address : here)
    if (!written.count(address))
      read.insert(address);
}

void Search::addPoll(const Code &code, uint64_t first, uint64_t last, std::set<int64_t> &read) const {
  std::vector<const Instruction *> loop;
  for (const Instruction &i : code)
    if (i.address >= first && i.address <= last)
      loop.push_back(&i);
  if (loop.size() > kLargestPoll || any_of(loop, [](const Instruction *i) { return i->writes; }))
    return;
  auto calls = [](const Instruction *i) { return i->calls; };
  if (any_of(loop, calls)) {
    const std::set<uint64_t> sleeps = sleepingCalls(subprogramAt(first));
    if (any_of(loop, [&](const Instruction *i) { return i->calls && !sleeps.count(i->end); }))
      return;
  }
  for (const Instruction *i : loop)
    if (i->reads && i->base && all_of(loop, [&](const Instruction *o) { return decoder.keeps(*o, i->base); }))
      read.insert(i->behind);
}

void Search::addReads(const Code &code, uint64_t before, unsigned depth, Polling &found) const {
  for (const Instruction &i : code) {
    if (i.address >= before)
      break;
    if (i.jump && *i.jump <= i.address && *i.jump >= code.front().address) {
      addLoop(code, *i.jump, i.address, found.readBefore);
      addPoll(code, *i.jump, i.address, found.readBeforeIn);
    }
    if (i.swaps && i.read) // its loop may well go on behind the place, where it yields
      found.readBefore.insert(*i.read);
    if (i.call && depth < kDepth)
      addReads(functionAt(*i.call), ~uint64_t(0), depth + 1, found);
  }
}

void Search::addWrites(const Code &code, uint64_t from, unsigned depth, Polling &found) const {
  for (const Instruction &i : code) {
    if (i.address < from)
      continue;
    if (i.written)
      found.writtenAfter.insert(*i.written);
    if (i.writes && i.base)
      found.writtenAfterIn.insert(i.behind);
    if (i.call && depth < kDepth)
      addWrites(functionAt(*i.call), 0, depth + 1, found);
  }
}

Polling Search::around(uint64_t place) {
  Polling found;
  const Code code = functionAt(place - 1); // the call, not where it returns to
  if (code.empty())
    return found;
  addReads(code, place - 1, 0, found);
  addWrites(code, place, 0, found);
  return found;
}

} // namespace

Polling pollingAround(const object::ObjectFile &object, DWARFContext &context, uint64_t place) {
  static const Decoder decoder;
  return decoder.fits(object) ? Search(decoder, object, context).around(place) : Polling();
}

} // namespace gordian::trace
