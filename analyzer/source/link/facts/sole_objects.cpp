// SPDX-License-Identifier: MIT
#include "source/link/facts/sole_objects.h"

#include <algorithm>
#include <vector>

namespace gordian::link {

namespace {

/// An object of a class; without a place it is one of many.
struct Candidate : SoleObject {
  bool exists() const { return global != kNone || function != kNone; }
};

class Census {
public:
  explicit Census(const Program &p)
      : program(p), objects(p.classCount()), hidden(p.classCount()), constructed(p.classCount()) {}

  std::unordered_map<ClassId, SoleObject> run() {
    for (ClassId c = 0; c < program.classCount(); ++c)
      countParts(c);
    for (GlobalId g = 0; g < program.globalCount(); ++g)
      countGlobal(g);
    for (FunctionId f = 0; f < program.functions().size(); ++f)
      countFunction(f);
    for (UnitId u = 0; u < program.unitCount(); ++u)
      countTypes(u);
    std::unordered_map<ClassId, SoleObject> out;
    for (ClassId c = 0; c < program.classCount(); ++c)
      if (objects[c].size() == 1 && objects[c][0].exists() && constructed[c] && (hasMain || hidden[c]))
        out.emplace(c, objects[c][0]);
    return out;
  }

private:
  /// The class whose object a variable of this type is, not what it points to.
  ClassId valueClass(UnitId u, ir::Id type) const {
    const std::vector<ir::Type> &types = program.unit(u).types;
    bool isObject = type != kNone && types[type].kind == ir::TypeKind::Class && types[type].klass != kNone;
    return isObject ? program.classIn(u, types[type].klass) : kNone;
  }
  void add(ClassId c, Candidate o = {}) {
    if (c != kNone)
      objects[c].push_back(o);
  }

  void countParts(ClassId c) {
    const ClassEntry &e = program.klass(c);
    for (const ir::Field &f : e.ir->fields)
      add(valueClass(e.unit, f.type));
    for (ClassId base : e.bases)
      add(base);
  }
  void countGlobal(GlobalId g) {
    const GlobalEntry &e = program.global(g);
    add(valueClass(e.unit, e.ir->type), {{e.ir->threadLocal ? kNone : g}});
  }
  void countFunction(FunctionId f) {
    const FunctionEntry &e = program.function(f);
    hasMain = hasMain || (e.ir->name == "main" && e.hasBody());
    if (e.ir->kind == ir::FunctionKind::Constructor && e.klass != kNone) {
      constructed[e.klass] = true;
      hidden[e.klass] = !e.ir->isPublic;
    }
    for (uint32_t l = 0; l < e.ir->locals.size(); ++l)
      add(valueClass(e.unit, e.ir->locals[l].type),
          {{kNone, e.ir->name == "main" && !e.ir->locals[l].temporary ? f : kNone, l}});
    for (const ir::Param &p : e.ir->params)
      add(valueClass(e.unit, p.type));
    for (const ir::Block &b : e.ir->blocks)
      for (const ir::Inst &i : b.insts)
        if (i.op == ir::Op::Alloc)
          add(valueClass(e.unit, i.type));
  }
  /// Arrays, and what library templates hold by value: "std::vector<Cache>", not "std::vector<Cache *>".
  void countTypes(UnitId u) {
    const ir::Unit &unit = program.unit(u);
    for (const ir::Type &t : unit.types)
      if (t.kind == ir::TypeKind::Array)
        add(valueClass(u, t.element));
    for (ir::Id c = 0; c < unit.classes.size(); ++c) {
      ClassId id = program.classIn(u, c);
      if (objects[id].size() != 1 || !objects[id][0].exists())
        continue;
      const std::string &name = unit.classes[c].name;
      bool held = std::any_of(unit.types.begin(), unit.types.end(),
                              [&](const ir::Type &t) { return holds(t.name, name); });
      if (held)
        add(id);
    }
  }
  static bool holds(const std::string &type, const std::string &name) {
    for (size_t at = type.find(name); at != std::string::npos; at = type.find(name, at + 1)) {
      size_t end = at + name.size();
      bool argument = at > 0 && (type[at - 1] == '<' || type[at - 1] == ' ');
      if (argument && end < type.size() && (type[end] == '>' || type[end] == ','))
        return true;
    }
    return false;
  }

  const Program &program;
  std::vector<std::vector<Candidate>> objects;
  std::vector<bool> hidden, constructed;
  bool hasMain = false;
};

} // namespace

std::unordered_map<ClassId, SoleObject> soleObjects(const Program &program) {
  return Census(program).run();
}

} // namespace gordian::link
