// SPDX-License-Identifier: MIT
#include "source/lower/unit_roots.h"

#include "source/lower/body.h"

using namespace clang;

namespace gordian::lower {

namespace {
class Roots {
public:
  explicit Roots(UnitContext &u) : unit(u) {}

  void context(const DeclContext *context) {
    for (const Decl *decl : context->decls())
      declaration(decl);
  }

  void declaration(const Decl *decl) {
    if (auto *linkage = dyn_cast<LinkageSpecDecl>(decl)) // may be around an #include
      return context(linkage);
    if (unit.places.isSystem(decl))
      return;
    if (isa<NamespaceDecl, ExportDecl>(decl))
      return context(cast<DeclContext>(decl));
    if (auto *f = dyn_cast<FunctionDecl>(decl))
      return function(f);
    if (auto *variable = dyn_cast<VarDecl>(decl))
      return global(variable);
    if (auto *record = dyn_cast<CXXRecordDecl>(decl))
      return klass(record);
    if (auto *declared = dyn_cast<TemplateDecl>(decl))
      return instances(declared);
    if (auto *friendly = dyn_cast<FriendDecl>(decl); friendly && friendly->getFriendDecl())
      if (!isa<CXXRecordDecl>(friendly->getFriendDecl()))
        declaration(friendly->getFriendDecl());
  }

private:
  void function(const FunctionDecl *f) {
    bool unused = f->isImplicit() && !f->hasBody(); // declared by the language, called by nobody
    if (!unused && !f->isDependentContext() && unit.bodyToLower(f))
      unit.function(f);
  }

  void klass(const CXXRecordDecl *record) {
    if (record->isThisDeclarationADefinition() && !record->isDependentContext() && !record->isInvalidDecl())
      context(record);
  }

  void instances(const TemplateDecl *declared) {
    if (auto *functions = dyn_cast<FunctionTemplateDecl>(declared))
      for (const FunctionDecl *instance : functions->specializations())
        function(instance);
    if (auto *classes = dyn_cast<ClassTemplateDecl>(declared); classes && classes->isCanonicalDecl())
      for (const ClassTemplateSpecializationDecl *instance : classes->specializations())
        if (const CXXRecordDecl *definition = instance->getDefinition();
            definition && !definition->isInvalidDecl())
          context(definition);
    if (auto *variables = dyn_cast<VarTemplateDecl>(declared); variables && variables->isCanonicalDecl())
      for (const VarTemplateSpecializationDecl *instance : variables->specializations())
        global(instance);
  }

  /// Numbers are of interest only where code refers to them.
  static bool isPlain(QualType type) { return type->isArithmeticType() || type->isEnumeralType(); }

  void global(const VarDecl *variable) {
    if (!variable->hasGlobalStorage() || variable->isInvalidDecl() || variable->isTemplated() ||
        variable->getType()->isDependentType())
      return;
    const VarDecl *definition = variable->getDefinition();
    if (!definition && !unit.ast.getLangOpts().CPlusPlus)
      definition = variable->getActingDefinition();
    if (definition != variable)
      return;
    if (hasDynamicInitializer(variable))
      unit.global(variable), dynamic.push_back(variable);
    else if (!isPlain(unit.ast.getBaseElementType(variable->getType())))
      unit.global(variable);
  }

  UnitContext &unit;

public:
  std::vector<const VarDecl *> dynamic; // initialised by code, in order of definition
};

class Bodies {
public:
  explicit Bodies(UnitContext &u) : unit(u) {}

  void initializer(const VarDecl *variable) {
    const VarDecl *initialized = nullptr;
    const Expr *init = variable->getAnyInitializer(initialized);
    if (!init || init->containsErrors())
      return;
    ir::Id global = unit.global(variable), id = ir::Id(unit.unit.functions.size());
    ir::Function out;
    out.key = unit.unit.globals[global].key + "::$init";
    out.name = unit.unit.globals[global].name;
    out.pattern = unit.names.pattern(variable);
    out.kind = ir::FunctionKind::GlobalInit;
    out.linkage = ir::Linkage::Internal;
    out.returnType = unit.type(unit.ast.VoidTy);
    out.loc = unit.unit.globals[global].loc;
    unit.unit.functions.push_back(out);
    unit.unit.globals[global].initFunction = id;
    Body(unit, nullptr).lowerGlobalInitializer(initialized, out);
    unit.unit.functions[id] = std::move(out);
  }

  void function(const FunctionDecl *definition) {
    ir::Id id = unit.function(definition);
    if (unit.hasErrors(definition)) {
      unit.unit.functions[id].hasErrors = true;
      return;
    }
    ir::Function out = unit.unit.functions[id];
    Body(unit, definition).lowerFunction(out);
    unit.unit.functions[id] = std::move(out);
  }

private:
  UnitContext &unit;
};
} // namespace

void lowerEverything(UnitContext &unit) {
  Roots roots(unit);
  roots.context(unit.ast.getTranslationUnitDecl());
  Bodies bodies(unit);
  for (const VarDecl *variable : roots.dynamic)
    bodies.initializer(variable);
  while (const FunctionDecl *definition = unit.nextBody())
    bodies.function(definition);
}

} // namespace gordian::lower
