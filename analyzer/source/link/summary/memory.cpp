// SPDX-License-Identifier: MIT
#include "source/link/summary/memory.h"

#include <algorithm>

namespace gordian::link {

/// Memory entries of one state; functions that fill tables write thousands.
constexpr size_t kMaxEntries = 160;
constexpr size_t kMaxClobbers = 12;

static auto find(const State &s, Sym address) {
  return std::lower_bound(s.memory.begin(), s.memory.end(), address,
                          [](const Binding &b, Sym a) { return b.first < a; });
}

Sym Memory::stored(const State &s, Sym address) {
  auto it = find(s, address);
  return it != s.memory.end() && it->first == address ? it->second : kNoSym;
}

void Memory::store(State &s, Sym address, Sym value) {
  auto at = s.memory.begin() + (find(s, address) - s.memory.cbegin());
  if (at != s.memory.end() && at->first == address)
    at->second = value;
  else if (s.memory.size() < kMaxEntries)
    s.memory.insert(at, {address, value});
}

void Memory::erase(State &s, Sym address) {
  auto it = find(s, address);
  if (it != s.memory.end() && it->first == address)
    s.memory.erase(it);
}

WriteKey Memory::keyOf(const Symbols &syms, Sym address) {
  for (;;) {
    const SymNode &n = syms.node(address);
    switch (n.kind) {
    case SymKind::Field:
      return fieldKey(n.b, static_cast<uint32_t>(n.n));
    case SymKind::Global:
      return globalKey(n.a);
    case SymKind::Element:
    case SymKind::Slot:
      address = n.a;
      continue;
    default:
      return kScalarTarget;
    }
  }
}

bool Memory::affects(const WriteSet *writes, Sym address) const {
  Sym root = syms.rootOf(address);
  if (syms.kind(root) == SymKind::Local && syms.node(root).a == frame.id &&
      !frame.ir->locals[syms.node(root).b].escapes)
    return false;
  WriteKey key = keyOf(syms, address);
  if (key != kScalarTarget && !context.writes.changes(key))
    return false;
  return !writes || writes->has(key);
}

/// Which lock a guard has, and whether it holds it, other threads do not change; of callees it is told.
static bool isGuardPart(const SymNode &n) {
  auto slot = static_cast<Slot>(n.n);
  return n.kind == SymKind::Slot && (slot == Slot::Lock || slot == Slot::Owned || slot == Slot::Mode);
}

/// Each thread has its own: others do not change it.
static bool isThreadLocal(const Program &program, const Symbols &syms, Sym address) {
  Sym root = syms.rootOf(address);
  return syms.kind(root) == SymKind::Global && program.global(syms.node(root).a).ir->threadLocal;
}

uint32_t Memory::versionOf(const State &s, Sym address, size_t count) const {
  if (isGuardPart(syms.node(address)))
    return 0;
  while (count-- > 0) {
    const Clobber &c = s.clobbers[count];
    if (affects(c.writes, address) && !(c.soft && isThreadLocal(context.program, syms, address)))
      return syms.version({frame.id, c.site, c.soft, c.soft ? versionOf(s, address, count) : 0});
  }
  return 0;
}

Sym Memory::read(const State &s, Sym address) const {
  if (Sym v = stored(s, address); v != kNoSym)
    return v;
  return syms.load(address, versionOf(s, address, s.clobbers.size()));
}

static bool differentIndices(const Symbols &syms, const SymNode &a, const SymNode &b) {
  Sym i = static_cast<Sym>(a.n), j = static_cast<Sym>(b.n);
  return i != kNoSym && j != kNoSym && i != j && syms.kind(i) == SymKind::Integer &&
         syms.kind(j) == SymKind::Integer;
}

/// Certainly not the same memory, though the same field.
static bool distinct(const Symbols &syms, Sym a, Sym b) {
  const SymNode &x = syms.node(a), &y = syms.node(b);
  if (x.kind == SymKind::Element && y.kind == SymKind::Element && x.a == y.a)
    return differentIndices(syms, x, y);
  auto named = [&](Sym s) {
    SymKind k = syms.kind(s);
    return k == SymKind::Global || k == SymKind::Local || k == SymKind::Alloc;
  };
  Sym r = syms.rootOf(a), t = syms.rootOf(b);
  return r != t && named(r) && named(t);
}

void Memory::write(State &s, Sym address, Sym value, uint32_t site) const {
  WriteKey key = keyOf(syms, address);
  if (syms.kind(address) == SymKind::Field || syms.kind(address) == SymKind::Element)
    for (Binding &b : s.memory)
      if (b.first != address && syms.kind(b.first) == syms.kind(address) && keyOf(syms, b.first) == key &&
          !distinct(syms, b.first, address))
        b.second = syms.unknown(frame.id, site, b.first);
  store(s, address, value);
}

bool Memory::isWithin(Sym address, Sym object) const {
  for (;;) {
    if (address == object)
      return true;
    const SymNode &n = syms.node(address);
    if (n.kind != SymKind::Field && n.kind != SymKind::Element && n.kind != SymKind::Slot)
      return false;
    address = n.a;
  }
}

void Memory::forget(State &s, Sym address) const {
  std::erase_if(s.memory, [&](const Binding &b) { return isWithin(b.first, address); });
}

void Memory::copyObject(State &s, Sym to, Sym from) const {
  std::vector<Binding> parts = {{to, read(s, from)}};
  for (const Binding &b : s.memory)
    if (b.first != from && isWithin(b.first, from))
      parts.push_back({syms.replaced(b.first, from, to), b.second});
  forget(s, to);
  for (const Binding &b : parts)
    store(s, b.first, b.second);
}

void Memory::clobber(State &s, uint32_t site, const WriteSet *writes, bool soft, bool byCall,
                     const WriteSet *own) const {
  if (writes && writes->empty())
    return;
  if (!soft)
    std::erase_if(s.memory, [&](const Binding &b) {
      return syms.kind(b.first) != SymKind::Slot && affects(writes, b.first);
    });
  Clobber c = {site, soft, byCall, writes, own};
  if (std::find(s.clobbers.begin(), s.clobbers.end(), c) != s.clobbers.end())
    std::erase(s.clobbers, c);
  if (s.clobbers.size() >= kMaxClobbers) {
    // One that stands for all; what this function and the waits of it changed stays apart, for `believed`.
    std::erase_if(s.clobbers, [](const Clobber &x) { return x.soft || x.byCall; });
    if (s.clobbers.size() >= kMaxClobbers - 1)
      s.clobbers = {{site, false, false, nullptr, nullptr}};
    c = {site, false, soft || byCall, nullptr, nullptr};
  }
  s.clobbers.push_back(c);
}

} // namespace gordian::link
