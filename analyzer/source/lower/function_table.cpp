// SPDX-License-Identifier: MIT
//
// Functions: what is known of them without their bodies, and which bodies belong into the unit.
#include "source/lower/unit_context.h"

using namespace clang;

namespace gordian::lower {

UnitContext::UnitContext(ASTContext &context, const Options &o, ir::Unit &out, Unhandled *counts)
    : ast(context), options(o), unit(out), places(context, o.root, out), names(context, places),
      library(places), unhandled(counts) {}

static ir::Linkage linkageOf(const ASTContext &ast, const FunctionDecl *function) {
  if (!function->isExternallyVisible())
    return ir::Linkage::Internal;
  if (function->hasAttr<WeakAttr>())
    return ir::Linkage::Weak;
  if (!function->isDefined() && !function->isInlined())
    return ir::Linkage::External;
  return ast.GetGVALinkageForFunction(function) == GVA_StrongExternal ? ir::Linkage::External
                                                                      : ir::Linkage::Weak;
}

static bool isNoexcept(const FunctionDecl *function) {
  auto *prototype = function->getType()->getAs<FunctionProtoType>();
  if (function->hasAttr<NoThrowAttr>())
    return true;
  if (!prototype)
    return false;
  if (isUnresolvedExceptionSpec(prototype->getExceptionSpecType()))
    return isa<CXXDestructorDecl>(function);
  return prototype->isNothrow();
}

static ir::FunctionKind kindOf(const FunctionDecl *function) {
  using ir::FunctionKind;
  auto *method = dyn_cast<CXXMethodDecl>(function);
  if (!method)
    return FunctionKind::Plain;
  if (auto *constructor = dyn_cast<CXXConstructorDecl>(method)) {
    if (constructor->isMoveConstructor())
      return FunctionKind::MoveConstructor;
    return constructor->isCopyConstructor() ? FunctionKind::CopyConstructor : FunctionKind::Constructor;
  }
  if (isa<CXXDestructorDecl>(method))
    return FunctionKind::Destructor;
  if (isa<CXXConversionDecl>(method))
    return FunctionKind::Conversion;
  if (method->isMoveAssignmentOperator())
    return FunctionKind::MoveAssign;
  if (method->isCopyAssignmentOperator())
    return FunctionKind::CopyAssign;
  if (method->getParent()->isLambda() && method->getOverloadedOperator() == OO_Call)
    return FunctionKind::Lambda;
  return method->isInstance() ? FunctionKind::Method : FunctionKind::StaticMethod;
}

/// Every class around it is public in its own.
static bool isPublicEverywhere(const Decl *decl) {
  for (; decl && !isa<NamespaceDecl, TranslationUnitDecl>(decl);
       decl = cast_or_null<Decl>(decl->getDeclContext())) {
    if (decl->getAccess() == AS_private || decl->getAccess() == AS_protected)
      return false;
    if (isa<FunctionDecl>(decl->getDeclContext()))
      return false;
  }
  return true;
}

void UnitContext::addParameters(ir::Function &out, const FunctionDecl *function) {
  auto *method = dyn_cast<CXXMethodDecl>(function);
  if (method && method->isInstance() && !method->isExplicitObjectMemberFunction())
    out.params.push_back({"this", type(method->getThisType())});
  for (const ParmVarDecl *parameter : function->parameters())
    out.params.push_back({parameter->getNameAsString(), type(parameter->getType())});
}

void UnitContext::describeMethod(ir::Function &out, const CXXMethodDecl *method) {
  out.klass = klass(method->getParent());
  out.isVirtual = method->isVirtual();
  out.isPure = method->isPureVirtual();
  out.isConst = method->isConst();
  out.isPublic = isPublicEverywhere(method);
  for (const CXXMethodDecl *overridden : method->overridden_methods())
    out.overrides.push_back(names.functionKey(overridden));
}

void UnitContext::describe(ir::Function &out, const FunctionDecl *function) {
  const FunctionDecl *definition = nullptr;
  function->isDefined(definition);
  const FunctionDecl *shown = definition ? definition : function;
  out.key = names.functionKey(function);
  out.name = names.name(function);
  out.pattern = names.pattern(function);
  out.kind = kindOf(function);
  out.linkage = linkageOf(ast, shown);
  out.returnType = type(shown->getReturnType());
  addParameters(out, shown);
  out.loc = places.loc(shown->getLocation());
  if (const FunctionDecl *pattern = shown->getTemplateInstantiationPattern())
    out.patternLoc = places.loc(pattern->getLocation());
  out.isNoexcept = isNoexcept(function) || !ast.getLangOpts().CXXExceptions;
  out.isNoreturn = shown->isNoReturn();
  out.isSystem = places.isSystem(function);
  out.isVariadic = function->isVariadic();
  if (auto *method = dyn_cast<CXXMethodDecl>(function))
    describeMethod(out, method);
  out.isExportedEntry = !out.isSystem && out.linkage != ir::Linkage::Internal && definition &&
                        (!isa<CXXMethodDecl>(function) || out.isPublic);
  out.attributes = attributes(shown, shown);
}

ir::Id UnitContext::function(const FunctionDecl *function) {
  const FunctionDecl *canonical = function->getCanonicalDecl();
  auto [it, fresh] = functions.try_emplace(canonical, ir::Id(unit.functions.size()));
  ir::Id id = it->second;
  if (!fresh)
    return id;
  unit.functions.emplace_back();
  ir::Function out;
  describe(out, function);
  unit.functions[id] = std::move(out);
  if (const FunctionDecl *definition = bodyToLower(function))
    require(definition);
  return id;
}

ir::Id UnitContext::runtimeFunction(llvm::StringRef name) {
  auto [it, fresh] = runtimeFunctions.try_emplace(name, ir::Id(unit.functions.size()));
  if (fresh) {
    ir::Function out;
    out.key = out.name = out.pattern = name.str();
    out.isSystem = out.isNoexcept = true;
    unit.functions.push_back(std::move(out));
  }
  return it->second;
}

ir::Id UnitContext::string(llvm::StringRef text) {
  constexpr size_t longest = 64; // enough to tell a semaphore's or a file's name
  text = text.take_front(longest);
  auto [it, fresh] = strings.try_emplace(text, ir::Id(unit.strings.size()));
  if (fresh)
    unit.strings.push_back(text.str());
  return it->second;
}

// ---------------------------------------------------------------- bodies

/// Bodies that Clang makes, but not always writes down: a defaulted destructor says nothing beyond its class.
static bool hasLowerableBody(const FunctionDecl *function, const FunctionDecl *&definition) {
  if (auto *method = dyn_cast<CXXMethodDecl>(function); method && method->isLambdaStaticInvoker()) {
    definition = function;
    return true;
  }
  if (function->hasBody(definition))
    return !definition->isDeleted();
  definition = function;
  return isa<CXXDestructorDecl>(function) && function->isDefaulted() && !function->isDeleted();
}

const FunctionDecl *UnitContext::bodyToLower(const FunctionDecl *function) {
  const FunctionDecl *definition = nullptr;
  if (function->isDependentContext() || function->isConsteval() || !hasLowerableBody(function, definition))
    return nullptr;
  if (definition->isTrivial())
    return nullptr;
  if (!places.isSystem(definition))
    return definition;
  return definition->getBuiltinID() == 0 && library.keepsBody(definition) &&
                 libraryBodies < options.maxLibraryBodies
             ? definition
             : nullptr;
}

void UnitContext::require(const FunctionDecl *definition) {
  if (!requested.insert(definition->getCanonicalDecl()).second)
    return;
  if (places.isSystem(definition))
    ++libraryBodies;
  bodies.push_back(definition);
}

const FunctionDecl *UnitContext::nextBody() {
  if (bodies.empty())
    return nullptr;
  const FunctionDecl *next = bodies.front();
  bodies.pop_front();
  return next;
}

void UnitContext::setErrorLocations(std::vector<SourceLocation> locations) {
  errorLocations = std::move(locations);
}

bool UnitContext::hasErrors(const FunctionDecl *definition) const {
  if (definition->isInvalidDecl())
    return true;
  if (const Stmt *body = definition->getBody()) {
    if (auto *expr = dyn_cast<Expr>(body); expr && expr->containsErrors())
      return true;
  }
  SourceRange range = definition->getSourceRange();
  const SourceManager &sources = ast.getSourceManager();
  for (SourceLocation error : errorLocations) {
    SourceLocation at = sources.getExpansionLoc(error);
    SourceLocation begin = sources.getExpansionLoc(range.getBegin()),
                   end = sources.getExpansionLoc(range.getEnd());
    if (sources.isWrittenInSameFile(at, begin) && !sources.isBeforeInTranslationUnit(at, begin) &&
        !sources.isBeforeInTranslationUnit(end, at))
      return true;
  }
  return false;
}

void UnitContext::countUnhandled(llvm::StringRef what) {
  if (unhandled)
    ++(*unhandled)[what.str()];
}

} // namespace gordian::lower
