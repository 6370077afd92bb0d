// SPDX-License-Identifier: MIT
//
// Methods of containers, strings and owners read or write the object that they are called on: the library's
// own code is not lowered, so the call is the access. A copy reads the object that it is made of, a move
// writes it. Errs: free functions that are given a container by reference are not seen (may miss).
#include "source/link/summary/transfer.h"

#include <algorithm>

namespace gordian::link {

static bool isDataClass(std::string_view name) {
  static constexpr std::string_view classes[] = {
#define OBJECT(CLASS) CLASS,
#include "source/link/summary/library_objects.def"
  };
  return std::find(std::begin(classes), std::end(classes), name) != std::end(classes);
}

/// operator[] of a map makes the element that it does not find.
static bool isReader(std::string_view klass, std::string_view method) {
  static constexpr std::string_view readers[] = {
#define READER(METHOD) METHOD,
#include "source/link/summary/library_objects.def"
  };
  if (method == "operator[]")
    return klass != "std::map" && klass != "std::unordered_map";
  return std::find(std::begin(readers), std::end(readers), method) != std::end(readers);
}

void Transfer::accessObject(const Call &c, State &s, Sym object, bool write) {
  if (object == kNoSym)
    return;
  SymKind kind = syms.kind(object);
  auto isCaptured = [&] {
    Sym field = kind == SymKind::Load ? syms.node(object).a : kNoSym;
    return field != kNoSym && syms.kind(field) == SymKind::Field &&
           context.program.klass(syms.node(field).b).ir->isLambda;
  };
  if (kind != SymKind::Field && kind != SymKind::Global && kind != SymKind::Local && !isCaptured())
    return; // an element, or what an unknown call gave
  access(s, c.inst, object, write, c.site);
  if (write)
    noteWrite(s, object, c.site);
}

void Transfer::libraryAccess(const Call &c, State &s) {
  if (c.callee == kNone || c.args.empty() || (!recorder.on && !frame.notifies))
    return;
  const FunctionEntry &e = context.program.function(c.callee);
  std::string_view pattern = e.ir->pattern;
  size_t split = pattern.rfind("::");
  if (!e.ir->isSystem || e.klass == kNone || !pattern.starts_with("std::") ||
      split == std::string_view::npos || !isDataClass(pattern.substr(0, split)))
    return;
  Sym other = c.args.size() > 1 ? c.args[1] : kNoSym;
  switch (e.ir->kind) {
  case ir::FunctionKind::CopyConstructor:
    return accessObject(c, s, other, false);
  case ir::FunctionKind::MoveConstructor:
    return accessObject(c, s, other, true);
  case ir::FunctionKind::Constructor:
  case ir::FunctionKind::Destructor:
    return;
  case ir::FunctionKind::CopyAssign:
    accessObject(c, s, other, false);
    return accessObject(c, s, c.args[0], true);
  case ir::FunctionKind::MoveAssign:
    accessObject(c, s, other, true);
    return accessObject(c, s, c.args[0], true);
  default:
    break;
  }
  std::string_view method = pattern.substr(split + 2);
  bool write = !e.ir->isConst && !isReader(pattern.substr(0, split), method);
  accessObject(c, s, c.args[0], write);
  if (method == "swap")
    accessObject(c, s, other, true);
}

} // namespace gordian::link
