// SPDX-License-Identifier: MIT
#include "source/lower/names.h"

using namespace clang;

namespace gordian::lower {

static PrintingPolicy namePolicy(const ASTContext &ast) {
  PrintingPolicy policy(ast.getLangOpts());
  policy.SuppressTagKeyword = true;
  policy.AnonymousTagLocations = false;
  policy.SuppressUnwrittenScope = true;
  policy.SuppressDefaultTemplateArgs = true;
  policy.Bool = true;
  return policy;
}

Names::Names(ASTContext &context, SourcePlaces &sourcePlaces)
    : ast(context), places(sourcePlaces), mangler(context.createMangleContext()),
      policy(namePolicy(context)) {}

// ---------------------------------------------------------------- names for people and tables

std::string Names::typeName(QualType type) {
  return type.getCanonicalType().getUnqualifiedType().getAsString(policy);
}

std::string Names::unqualified(const NamedDecl *decl, bool arguments) {
  if (auto *method = dyn_cast<CXXMethodDecl>(decl); method && method->getParent()->isLambda())
    return unqualified(method->getParent(), arguments);
  if (auto *constructor = dyn_cast<CXXConstructorDecl>(decl))
    return constructor->getParent()->getName().str();
  if (auto *destructor = dyn_cast<CXXDestructorDecl>(decl))
    return "~" + destructor->getParent()->getName().str();
  if (auto *conversion = dyn_cast<CXXConversionDecl>(decl))
    return "operator " + typeName(conversion->getConversionType());
  auto *record = dyn_cast<CXXRecordDecl>(decl);
  if (record && record->isLambda())
    return "lambda";
  std::string out = decl->getNameAsString();
  if (auto *tag = dyn_cast<TagDecl>(decl); tag && out.empty())
    out =
        tag->getTypedefNameForAnonDecl() ? tag->getTypedefNameForAnonDecl()->getNameAsString() : "(unnamed)";
  if (auto *special = dyn_cast<ClassTemplateSpecializationDecl>(decl); special && arguments) {
    llvm::raw_string_ostream stream(out);
    auto *parameters = special->getSpecializedTemplate()->getTemplateParameters();
    printTemplateArgumentList(stream, special->getTemplateArgs().asArray(), policy, parameters);
  }
  return out;
}

std::string Names::scope(const DeclContext *context, bool arguments) {
  for (; context && !context->isTranslationUnit(); context = context->getParent()) {
    if (auto *space = dyn_cast<NamespaceDecl>(context)) {
      if (space->isInline() || space->isAnonymousNamespace())
        continue;
      return qualified(space, arguments) + "::";
    }
    if (isa<RecordDecl, FunctionDecl>(context))
      return qualified(cast<NamedDecl>(context), arguments) + "::";
  }
  return "";
}

std::string Names::qualified(const NamedDecl *decl, bool arguments) {
  if (!isa<TagDecl, NamespaceDecl>(decl)) {
    const DeclContext *context = decl->getDeclContext();
    auto *method = dyn_cast<CXXMethodDecl>(decl);
    if (method && method->getParent()->isLambda()) // operator() stands for its closure
      context = method->getParent()->getDeclContext();
    return scope(context, arguments) + unqualified(decl, arguments);
  }
  auto &known = classNames[arguments];
  if (auto it = known.find(decl); it != known.end())
    return it->second;
  std::string out = scope(decl->getDeclContext(), arguments) + unqualified(decl, arguments);
  return known[decl] = out;
}

// ---------------------------------------------------------------- link keys

std::string Names::mangled(GlobalDecl decl) {
  auto *named = cast<NamedDecl>(decl.getDecl());
  if (!mangler->shouldMangleDeclName(named))
    return named->getNameAsString();
  std::string out;
  llvm::raw_string_ostream stream(out);
  mangler->mangleName(decl, stream);
  if (!out.empty() && out.front() == '\1') // an assembler label
    out.erase(0, 1);
  return out;
}

static GlobalDecl globalDecl(const FunctionDecl *function) {
  if (auto *constructor = dyn_cast<CXXConstructorDecl>(function))
    return GlobalDecl(constructor, Ctor_Complete);
  if (auto *destructor = dyn_cast<CXXDestructorDecl>(function))
    return GlobalDecl(destructor, Dtor_Complete);
  return GlobalDecl(function);
}

std::string Names::functionKey(const FunctionDecl *function) {
  function = function->getCanonicalDecl();
  if (auto *method = dyn_cast<CXXMethodDecl>(function); method && method->getParent()->isLambda()) {
    std::string key = lambdaKey(method->getParent());
    if (method->isLambdaStaticInvoker())
      key += "::__invoke";
    else if (method->getOverloadedOperator() != OO_Call)
      key += "::" + mangled(globalDecl(function));
    if (auto *arguments = method->getTemplateSpecializationArgs()) {
      llvm::raw_string_ostream stream(key);
      printTemplateArgumentList(stream, arguments->asArray(), policy);
    }
    return key;
  }
  std::string key = mangled(globalDecl(function));
  if (function->isExternallyVisible())
    return key;
  if (function->getTemplateInstantiationPattern())
    return places.keyOfMainFile() + ":" + key;
  return places.keyFile(function->getLocation()) + ":" + key;
}

std::string Names::globalKey(const VarDecl *variable) {
  variable = variable->getCanonicalDecl();
  if (variable->isStaticLocal()) {
    auto *function = cast<Decl>(variable->getDeclContext());
    std::string key = contextKey(function) + "::" + variable->getNameAsString();
    auto [it, fresh] = ordinals.try_emplace(variable, 0);
    if (fresh)
      it->second = localNames[key]++;
    return it->second ? key + "#" + std::to_string(it->second) : key;
  }
  std::string key = mangled(GlobalDecl(variable));
  return variable->isExternallyVisible() ? key : places.keyOfMainFile() + ":" + key;
}

namespace {
/// Numbers the lambdas of one body in source order; those inside of another lambda's body are that one's.
class LambdaNumbering : public ConstStmtVisitor<LambdaNumbering> {
public:
  explicit LambdaNumbering(llvm::DenseMap<const Decl *, unsigned> &map) : ordinals(map) {}
  void VisitStmt(const Stmt *stmt) {
    for (const Stmt *child : stmt->children())
      if (child)
        Visit(child);
  }
  void VisitLambdaExpr(const LambdaExpr *lambda) {
    ordinals.try_emplace(lambda->getLambdaClass()->getCanonicalDecl(), next++);
    for (const Expr *init : lambda->capture_inits())
      if (init)
        Visit(init);
  }
  unsigned next = 0;

private:
  llvm::DenseMap<const Decl *, unsigned> &ordinals;
};
} // namespace

void Names::numberLambdas(const FunctionDecl *function) {
  const FunctionDecl *definition = nullptr;
  if (!numbered.insert(function->getCanonicalDecl()).second || !function->hasBody(definition))
    return;
  LambdaNumbering numbering(ordinals);
  if (auto *constructor = dyn_cast<CXXConstructorDecl>(definition))
    for (const CXXCtorInitializer *init : constructor->inits())
      if (init->getInit())
        numbering.Visit(init->getInit());
  numbering.Visit(definition->getBody());
  counters[function->getCanonicalDecl()] = numbering.next;
}

unsigned Names::ordinal(const Decl *decl, const Decl *context) {
  if (auto it = ordinals.find(decl); it != ordinals.end())
    return it->second;
  return ordinals[decl] = counters[context->getCanonicalDecl()]++;
}

std::string Names::contextKey(const Decl *context) {
  if (auto *function = dyn_cast<FunctionDecl>(context))
    return functionKey(function);
  if (auto *variable = dyn_cast<VarDecl>(context); variable && variable->hasGlobalStorage())
    return globalKey(variable);
  if (auto *klass = dyn_cast<TagDecl>(context))
    return classKey(klass);
  if (auto *named = dyn_cast<NamedDecl>(context); named && !isa<NamespaceDecl>(context))
    return contextKey(cast<Decl>(context->getDeclContext())) + "::" + named->getNameAsString();
  return places.keyOfMainFile() + ":";
}

std::string Names::lambdaKey(const CXXRecordDecl *lambda) {
  lambda = lambda->getCanonicalDecl();
  auto *context = cast<Decl>(lambda->getDeclContext());
  if (auto *function = dyn_cast<FunctionDecl>(context))
    numberLambdas(function);
  else if (const Decl *owner = lambda->getLambdaContextDecl())
    context = owner;
  return contextKey(context) + "::$lambda" + std::to_string(ordinal(lambda, context));
}

/// "FILE:name"; what has no name is named by its place in what encloses it.
std::string Names::plainClassKey(const TagDecl *klass) {
  if (klass->hasNameForLinkage()) {
    std::string file =
        places.keyFile(klass->getDefinition() ? klass->getDefinition()->getLocation() : SourceLocation());
    std::string key = file + ":" + unqualified(klass, false);
    if (auto *function = dyn_cast<FunctionDecl>(klass->getDeclContext()))
      key = functionKey(function) + "::" + unqualified(klass, false);
    return key;
  }
  auto *context = cast<Decl>(klass->getDeclContext()->getRedeclContext());
  std::string outer =
      isa<TranslationUnitDecl>(context) ? places.keyFile(klass->getLocation()) + ":" : contextKey(context);
  return outer + "::$" + std::to_string(ordinal(klass->getCanonicalDecl(), context));
}

static bool couldBeC(const TagDecl *klass) {
  auto *record = dyn_cast<CXXRecordDecl>(klass);
  return record && record->getDeclContext()->getRedeclContext()->isTranslationUnit() &&
         record->hasDefinition() && !isa<ClassTemplateSpecializationDecl>(record) &&
         record->getDefinition()->isCLike();
}

std::string Names::classKey(const TagDecl *klass) {
  if (auto *record = dyn_cast<CXXRecordDecl>(klass); record && record->isLambda())
    return lambdaKey(record);
  if (!ast.getLangOpts().CPlusPlus || couldBeC(klass))
    return plainClassKey(klass);
  std::string key;
  llvm::raw_string_ostream stream(key);
  mangler->mangleCanonicalTypeName(ast.getTypeDeclType(klass), stream);
  if (!klass->isExternallyVisible())
    key = places.keyOfMainFile() + ":" + key;
  return key;
}

} // namespace gordian::lower
