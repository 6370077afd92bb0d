// SPDX-License-Identifier: MIT
#include "source/link/facts/identity.h"
#include "source/link/summary/memory.h"

#include <algorithm>

namespace gordian::link {

/// A captured variable that is itself captured, and so on.
constexpr unsigned kMaxCaptures = 8;

NameId Identity::add(Name n) {
  auto [it, isNew] = byKey.try_emplace(n.key, static_cast<NameId>(names.size()));
  if (isNew)
    names.push_back(std::move(n));
  return it->second;
}

NameId Identity::finalName(NameId n) const {
  NameId g = n == kNone ? kNone : names[n].generic;
  return g != kNone && names[g].usedGeneric ? g : n;
}

// ---------------------------------------------------------------- captures

Sym Identity::looked(Sym s, FunctionId f, unsigned depth) {
  const SymNode n = syms.node(s);
  auto inner = [&](Sym x) { return looked(x, f, depth); };
  if (n.kind == SymKind::Field)
    if (auto it = sole.find(n.b); it != sole.end())
      return syms.field(it->second.global != kNone ? syms.global(it->second.global)
                                                   : syms.local(it->second.function, it->second.local),
                        n.b, static_cast<uint32_t>(n.n));
  if (n.kind != SymKind::Load || depth > kMaxCaptures)
    return syms.rebuild(s, inner);
  Sym address = inner(n.a);
  const SymNode at = syms.node(address);
  if (at.kind == SymKind::Field)
    if (auto it = context.captures.find({at.b, static_cast<uint32_t>(at.n)}); it != context.captures.end()) {
      if (Sym owner = ownerOfCapture(address, it->second); owner != kNoSym)
        return owner;
      // In the maker's frame. Its parameters are not this function's.
      Sym value = looked(it->second.value, it->second.maker, depth + 1);
      if (it->second.maker != f)
        value = inMakersFrame(value, it->second.maker);
      return value;
    }
  return address == n.a ? s : syms.load(address, n.b);
}

Sym Identity::containerOf(Sym object) const {
  // The element itself, or what it points to.
  Sym root = syms.rootOf(syms.kind(object) == SymKind::Load ? syms.node(object).a : object);
  while (syms.kind(root) == SymKind::Old || syms.kind(root) == SymKind::FromCall)
    root = syms.kind(root) == SymKind::Old ? syms.node(root).a : static_cast<Sym>(syms.node(root).n);
  auto it = context.elementOf.find(root);
  return it == context.elementOf.end() ? kNoSym : syms.withoutVersions(it->second);
}

/// `address` is a captured `this` within a closure. If the closure is read from a field in which methods of
/// the class keep it for themselves, `this` is the object of that field.
Sym Identity::ownerOfCapture(Sym address, const Capture &capture) const {
  if (capture.value != syms.param(0))
    return kNoSym;
  Sym kept = syms.node(address).a;
  if (Sym container = containerOf(kept); container != kNoSym)
    kept = container;
  while (syms.kind(kept) == SymKind::Element || syms.kind(kept) == SymKind::Slot)
    kept = syms.node(kept).a;
  if (syms.kind(kept) != SymKind::Field)
    return kNoSym;
  const SymNode &field = syms.node(kept);
  FieldRef ref{field.b, static_cast<uint32_t>(field.n)};
  ClassId closure = syms.node(address).b;
  bool own = std::any_of(context.ownClosures.begin(), context.ownClosures.end(), [&](const auto &k) {
    return k.first == ref && context.program.function(k.second).klass == closure;
  });
  return own ? field.a : kNoSym;
}

Sym Identity::callOwner(Sym path) const {
  while (syms.kind(path) == SymKind::Field)
    path = syms.node(path).a;
  if (syms.kind(path) != SymKind::Load || syms.kind(syms.node(path).a) != SymKind::Field)
    return kNoSym;
  Sym address = syms.node(path).a;
  auto it = context.captures.find({syms.node(address).b, static_cast<uint32_t>(syms.node(address).n)});
  return it == context.captures.end() ? kNoSym : ownerOfCapture(address, it->second);
}

bool Identity::isSole(Sym path) const {
  for (Sym p = path; syms.kind(p) == SymKind::Field; p = syms.node(p).a)
    if (sole.count(syms.node(p).b))
      return true;
  return false;
}

Sym Identity::inMakersFrame(Sym s, FunctionId maker) {
  if (syms.kind(s) == SymKind::Param)
    return syms.fromCall(maker, kHeadSite | 3, s);
  return syms.rebuild(s, [&](Sym x) { return inMakersFrame(x, maker); });
}

Sym Identity::asCaptured(Sym value, FunctionId f) {
  bool captured = syms.kind(value) == SymKind::Param &&
                  std::any_of(context.captures.begin(), context.captures.end(),
                              [&](const auto &c) { return c.second.maker == f && c.second.value == value; });
  return captured ? inMakersFrame(value, f) : kNoSym;
}

Sym Identity::resolved(Sym path, FunctionId f) {
  uint64_t key = uint64_t(f) << 32 | path;
  auto it = cache.find(key);
  if (it != cache.end())
    return it->second;
  Sym out = syms.withoutVersions(looked(path, f, 0));
  cache.emplace(key, out);
  return out;
}

// ---------------------------------------------------------------- names

/// Types whose objects are no data: they guard or signal.
static bool isSyncType(std::string_view type) {
  static constexpr std::string_view words[] = {"mutex",        "pthread_",  "condition_variable",
                                               "std::thread",  "sem_t",     "semaphore",
                                               "spinlock",     "once_flag", "future",
                                               "promise",      "latch",     "barrier",
                                               "mtx_t",        "cnd_t",     "thrd_t",
                                               "std::jthread", "_lock<"};
  return std::any_of(std::begin(words), std::end(words),
                     [&](std::string_view w) { return type.find(w) != std::string_view::npos; });
}

void Identity::describeType(Name &n, UnitId u, ir::Id type) const {
  if (type == kNone)
    return;
  const ir::Type &t = context.program.unit(u).types[type];
  n.type = t.name;
  n.isConst = t.isConst;
  n.isAtomic = t.isAtomic || t.name.starts_with("std::atomic");
  n.isSync = isSyncType(t.name);
}

/// `path` is fields behind `object`: "Class::first.second".
Name Identity::fieldName(Sym path, Sym object) const {
  std::vector<SymNode> fields;
  for (Sym p = path; p != object; p = syms.node(p).a)
    fields.push_back(syms.node(p));
  std::reverse(fields.begin(), fields.end());
  Name n;
  const ClassEntry &first = context.program.klass(fields[0].b);
  n.key = first.ir->key;
  n.text = n.owner = first.ir->name;
  n.many = true;
  n.isSystem = first.ir->isSystem;
  for (const SymNode &f : fields) {
    const ClassEntry &c = context.program.klass(f.b);
    std::string field = f.n < c.ir->fields.size() ? c.ir->fields[f.n].name : std::string();
    bool isFirst = &f == &fields[0];
    n.key += (isFirst ? "::" : ".") + (field.empty() ? std::to_string(f.n) : field);
    if (!field.empty()) {
      n.text += (isFirst ? "::" : ".") + field;
      n.fields += (n.fields.empty() ? "" : ".") + field;
    }
    if (f.n < c.ir->fields.size()) {
      n.declaration = context.program.location(c.unit, c.ir->fields[f.n].loc);
      describeType(n, c.unit, c.ir->fields[f.n].type);
      n.enclosed = n.enclosed || c.ir->fields[f.n].isPrivate;
    }
  }
  return n;
}

/// What has a name without being a field: variables, elements of named arrays, what a named pointer points
/// to.
NameId Identity::rootName(Sym root) {
  const SymNode node = syms.node(root);
  Name n;
  switch (node.kind) {
  case SymKind::Global: {
    const GlobalEntry &g = context.program.global(node.a);
    n.key = g.ir->key;
    n.text = g.ir->name;
    n.declaration = context.program.location(g.unit, g.ir->loc);
    n.isSystem = g.ir->isSystem;
    n.threadLocal = g.ir->threadLocal;
    n.enclosed = g.ir->linkage == ir::Linkage::Internal;
    describeType(n, g.unit, g.ir->type);
    n.isConst = n.isConst || g.ir->isConst;
    return add(n);
  }
  case SymKind::Local: {
    const FunctionEntry &f = context.program.function(node.a);
    const ir::Local &l = f.ir->locals[node.b];
    if (l.temporary || l.name.empty())
      return kNone;
    n.key = f.ir->key + "()::" + l.name + (l.loc.line ? "#" + std::to_string(node.b) : "");
    n.text = f.ir->name + "()::" + l.name;
    n.declaration = context.program.location(f.unit, l.loc);
    n.localOf = node.a;
    n.local = node.b;
    describeType(n, f.unit, l.type);
    return add(n);
  }
  case SymKind::Alloc: {
    const FunctionEntry &f = context.program.function(node.a);
    n.key = "new@" + f.ir->key + "#" + std::to_string(node.b);
    n.text = "object made by " + f.ir->name;
    n.many = true;
    return add(n);
  }
  case SymKind::Element: {
    NameId base = nameOf(node.a);
    if (base == kNone)
      return kNone;
    Sym index = static_cast<Sym>(node.n);
    bool constant = index != kNoSym && syms.kind(index) == SymKind::Integer;
    std::string suffix =
        constant ? "[" + std::to_string(static_cast<int64_t>(syms.node(index).n)) + "]" : "[*]";
    n = names[base];
    n.key += suffix;
    n.text += constant ? suffix : "[]";
    n.many = n.many || !constant;
    n.generic = kNone;
    n.usedGeneric = false;
    return add(n);
  }
  case SymKind::Load: {
    NameId base = nameOf(node.a);
    if (base == kNone)
      return kNone;
    n = names[base];
    n.key = "*" + n.key;
    n.text = "*" + n.text;
    n.local = kNone;
    n.generic = kNone;
    n.usedGeneric = false;
    n.isAtomic = n.isConst = false;
    return add(n);
  }
  case SymKind::Slot: {
    NameId base = nameOf(node.a);
    if (base == kNone)
      return kNone;
    n = names[base];
    n.generic = kNone;
    n.usedGeneric = false;
    if (static_cast<Slot>(node.n) != Slot::Elements)
      n.key += "@" + std::to_string(node.n);
    else
      n.many = true;
    return add(n);
  }
  case SymKind::FromCall: {
    // An object that a callee made: told apart by where it was made only.
    Sym inner = static_cast<Sym>(node.n);
    if (syms.kind(inner) == SymKind::Alloc || syms.kind(inner) == SymKind::Local)
      return rootName(inner);
    return kNone;
  }
  case SymKind::Result: {
    // A function without arguments gives one object, as far as anyone can tell.
    Sym pure = static_cast<Sym>(node.n);
    if (pure == kNoSym || syms.node(pure).b != kNoSym)
      return kNone;
    const FunctionEntry &f = context.program.function(syms.node(pure).a);
    n.key = f.ir->key + "()";
    n.text = f.ir->name + "()";
    n.isSystem = f.ir->isSystem;
    return add(n);
  }
  default:
    return kNone;
  }
}

NameId Identity::nameOf(Sym path) {
  auto it = byPath.find(path);
  if (it != byPath.end())
    return it->second;
  Sym object = path;
  while (syms.kind(object) == SymKind::Field)
    object = syms.node(object).a;
  NameId found = kNone;
  if (object == path) {
    found = rootName(path);
  } else {
    NameId generic = add(fieldName(path, object));
    found = generic;
    // A variable with a name, not what a pointer points to and not any of an array.
    SymKind root = syms.kind(object);
    NameId base = root == SymKind::Global || root == SymKind::Local || root == SymKind::Element
                      ? rootName(object)
                      : kNone;
    if (base != kNone && !names[base].many) {
      Name n = names[generic];
      n.key = names[base].key + "." + n.fields;
      n.text = names[base].text + "." + n.fields;
      n.generic = generic;
      n.many = false;
      n.threadLocal = names[base].threadLocal;
      n.localOf = names[base].localOf;
      n.local = names[base].local;
      found = add(n);
    }
  }
  if (WriteKey key = Memory::keyOf(syms, path); found != kNone && context.world.spins.has(key)) {
    Name &n = names[found];
    n.handMade = key;
    n.isSystem = false;
    // What the library calls the number within its flag says nothing.
    if (size_t inner = n.text.find("._Value"); inner != std::string::npos)
      n.text.erase(inner);
  }
  byPath.emplace(path, found);
  return found;
}

Named Identity::of(Sym path, FunctionId f, bool counts) {
  Named out;
  out.path = resolved(path, f);
  out.name = nameOf(out.path);
  if (out.name == kNone)
    return out;
  // What is in a container belongs to the object that has the container.
  Sym object = out.path;
  while (syms.kind(object) == SymKind::Slot && static_cast<Slot>(syms.node(object).n) == Slot::Elements)
    object = syms.node(object).a;
  while (syms.kind(object) == SymKind::Field)
    object = syms.node(object).a;
  bool vague = syms.isVague(object);
  out.object = vague ? kNoSym : object;
  if (counts && names[out.name].generic == kNone)
    names[out.name].usedGeneric = true;
  return out;
}

} // namespace gordian::link
