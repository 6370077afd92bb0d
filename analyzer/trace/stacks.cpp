// SPDX-License-Identifier: MIT
//
// See stacks.h.
#include "trace/stacks.h"

#include "llvm/ADT/StringExtras.h"

#include <algorithm>

namespace gordian::trace {

Stacks::Stacks(const Recording &r, Symbolizer &s) : recording(r), symbolizer(s), modules(r.files().size()) {
  for (uint32_t p = 0; p < r.files().size(); ++p)
    readModules(p);
}

void Stacks::readModules(uint32_t process) {
  const TraceFile &file = recording.file(process);
  for (Ref ref : file.all(RecordKind::Module)) {
    const auto *r = file.get<ModuleRecord>(ref, RecordKind::Module);
    if (!r)
      continue;
    if (r->header.flags & 1) {
      for (Module &m : modules[process])
        if (m.base == r->base && m.begin == r->begin && m.loaded < r->generation &&
            m.unloaded > r->generation)
          m.unloaded = r->generation;
      continue;
    }
    Module m;
    m.file.path = file.string(r->path);
    if (m.file.path.empty())
      m.file.path = file.string(file.header().exe);
    size_t size = std::min<size_t>(r->buildIdSize, sizeof r->buildId);
    m.file.buildId = llvm::toHex(llvm::ArrayRef<uint8_t>(r->buildId, size), /*LowerCase=*/true);
    m.base = r->base;
    m.begin = r->begin;
    m.end = r->end;
    m.loaded = r->generation;
    m.unloaded = ~0u;
    modules[process].push_back(std::move(m));
  }
}

std::optional<CodeAddress> Stacks::moduleAt(uint32_t process, uint64_t address, uint32_t generation) const {
  const Module *best = nullptr;
  for (const Module &m : modules[process]) {
    if (address < m.begin || address >= m.end)
      continue;
    bool live = generation == ~0u || (m.loaded <= generation && generation < m.unloaded);
    if (live && (!best || m.loaded > best->loaded))
      best = &m;
  }
  if (!best)
    return std::nullopt;
  return CodeAddress{best->file, address - best->base, 0};
}

void Stacks::addAddress(Stack &stack, uint32_t process, uint64_t returnAddress, uint32_t generation) {
  // The call stands before the address that it returns to.
  std::optional<CodeAddress> code = moduleAt(process, returnAddress - 1, generation);
  if (!code) {
    stack.all.push_back({"", {}, "", returnAddress - 1});
    stack.addresses.push_back({});
    return;
  }
  const std::vector<Frame> &frames = symbolizer.code(code->module, code->offset);
  for (size_t i = 0; i < frames.size(); ++i) {
    stack.all.push_back(frames[i]);
    stack.addresses.push_back({code->module, code->offset, i});
  }
}

void Stacks::addSource(Stack &stack, uint32_t process, Ref source) {
  const TraceFile &file = recording.file(process);
  const auto *r = file.get<SourceStackRecord>(source, RecordKind::SourceStack);
  if (!r)
    return;
  auto [frames, count] = file.tail<SourceFrame>(r, r->frames);
  for (size_t i = 0; i < count; ++i) {
    Frame f;
    f.function = file.string(frames[i].function);
    f.location = {std::string(file.string(frames[i].file)), frames[i].line, 0};
    if (!f.location.file.empty() && f.location.file[0] != '/' && f.location.file[0] != '<')
      f.location.file = std::string(file.string(file.header().workingDirectory)) + "/" + f.location.file;
    stack.all.push_back(std::move(f));
    stack.addresses.push_back({});
  }
  stack.source = SourceLanguage(r->header.flags) == SourceLanguage::Python && count > 0;
}

Stack Stacks::build(Place context) {
  Stack stack;
  const TraceFile &file = recording.file(context.process);
  const auto *r = file.get<ContextRecord>(context.ref, RecordKind::Context);
  if (!r)
    return stack;
  addSource(stack, context.process, r->source);
  auto [addresses, count] = file.tail<uint64_t>(r, r->frames);
  if (count > 0)
    if (auto code = moduleAt(context.process, addresses[0] - 1, r->generation))
      stack.caller = code->module.path;
  if (!stack.source) {
    for (size_t i = 0; i < count; ++i)
      addAddress(stack, context.process, addresses[i], r->generation);
  }
  stack.readable = readable(stack.all);
  if (const Frame *lead = stack.leading())
    stack.lead = size_t(std::find(stack.all.begin(), stack.all.end(), *lead) - stack.all.begin());
  return stack;
}

const Stack &Stacks::at(Place context) {
  auto it = known.find(context);
  if (it == known.end())
    it = known.emplace(context, build(context)).first;
  return it->second;
}

Step Stacks::stepOf(StepKind kind, const ReadableStack &stack, int subject, gordian::Mode mode) {
  Step s;
  s.kind = kind;
  s.subject = subject;
  s.mode = mode;
  s.stack.assign(stack.frames.begin() + ptrdiff_t(stack.first), stack.frames.end());
  if (!s.stack.empty()) {
    s.location = s.stack.front().location;
    s.function = s.stack.front().function;
  }
  return s;
}

Step Stacks::step(StepKind kind, Place context, int subject, gordian::Mode mode) {
  return stepOf(kind, at(context).readable, subject, mode);
}

std::vector<Step> Stacks::witness(StepKind kind, Place context, int subject, gordian::Mode mode) {
  std::vector<Step> steps;
  const ReadableStack &stack = at(context).readable;
  for (size_t i = 0; i < stack.first; ++i) {
    Step inner;
    inner.kind = StepKind::Call;
    inner.location = stack.frames[i].location;
    inner.function = stack.frames[i].function;
    inner.note = "the wrapper through which the next step acts";
    steps.push_back(std::move(inner));
  }
  steps.push_back(stepOf(kind, stack, subject, mode));
  return steps;
}

Step Stacks::stepAt(StepKind kind, uint32_t process, uint64_t returnAddress, int subject) {
  Stack stack;
  addAddress(stack, process, returnAddress, ~0u);
  return stepOf(kind, readable(stack.all), subject, gordian::Mode::Exclusive);
}

std::string Stacks::functionAt(Place context) {
  const Frame *lead = at(context).leading();
  return lead ? lead->function : std::string();
}

} // namespace gordian::trace
