// SPDX-License-Identifier: MIT
#include "source/lower/library_boundary.h"

using namespace clang;
using llvm::StringRef;

namespace gordian::lower {

LibraryBoundary::LibraryBoundary(const SourcePlaces &p) : places(p) {}

// ---------------------------------------------------------------- whose is it

/// The C++ library itself, including what it keeps in namespaces of its own and reserved names.
static bool isStandardLibrary(const FunctionDecl *function) {
  const DeclContext *outermost = nullptr;
  for (const DeclContext *at = function->getDeclContext(); at && !at->isTranslationUnit();
       at = at->getParent())
    if (isa<NamespaceDecl>(at))
      outermost = at;
  if (outermost) {
    StringRef name = cast<NamespaceDecl>(outermost)->getName();
    return name == "std" || name.starts_with("__");
  }
  const IdentifierInfo *name = function->getIdentifier();
  return function->hasAttr<GNUInlineAttr>() || (name && name->getName().starts_with("__"));
}

enum class Model { None, Plain, CallsBack };

static Model modelOf(const FunctionDecl *function) {
  // Members of classes inside of a modelled class (iterators, nodes) belong to it.
  for (const DeclContext *at = function->getDeclContext(); at; at = at->getParent()) {
    auto *record = dyn_cast<CXXRecordDecl>(at);
    if (!record)
      break;
    if (!record->getIdentifier())
      continue;
    Model model = llvm::StringSwitch<Model>(record->getName())
#define GORDIAN_MODELLED_CLASS(NAME, CALLS_BACK) .Case(#NAME, CALLS_BACK ? Model::CallsBack : Model::Plain)
#define GORDIAN_MODELLED_FUNCTION(NAME)
#define GORDIAN_INERT_CLASS(NAME)
#include "source/lower/library_models.def"
                      .Default(Model::None);
    if (model != Model::None)
      return model;
  }
  if (!function->getIdentifier() || isa<CXXMethodDecl>(function))
    return Model::None;
  return llvm::StringSwitch<Model>(function->getName())
#define GORDIAN_MODELLED_CLASS(NAME, CALLS_BACK)
#define GORDIAN_MODELLED_FUNCTION(NAME) .Case(#NAME, Model::Plain)
#define GORDIAN_INERT_CLASS(NAME)
#include "source/lower/library_models.def"
      .Default(Model::None);
}

// ---------------------------------------------------------------- user types among template arguments

bool LibraryBoundary::mentionsUser(QualType type) {
  type = type.getCanonicalType().getUnqualifiedType();
  while (type->isPointerType() || type->isReferenceType() || type->isArrayType()) {
    if (type->isFunctionPointerType() || type->isFunctionReferenceType())
      return true;
    type = type->isArrayType() ? QualType(type->getArrayElementTypeNoTypeQual(), 0) : type->getPointeeType();
    type = type.getCanonicalType().getUnqualifiedType();
  }
  if (type->isMemberPointerType() || type->isFunctionType())
    return true;
  const RecordDecl *record = type->getAsRecordDecl();
  if (!record)
    return false;
  auto [it, fresh] = mentioningTypes.try_emplace(record->getCanonicalDecl(), false);
  if (!fresh)
    return it->second;
  bool result = !places.isSystem(record);
  if (auto *special = dyn_cast<ClassTemplateSpecializationDecl>(record); special && !result)
    result = mentionsUser(special->getTemplateArgs().asArray());
  return mentioningTypes[record->getCanonicalDecl()] = result;
}

bool LibraryBoundary::mentionsUser(ArrayRef<TemplateArgument> arguments) {
  return llvm::any_of(arguments, [this](const TemplateArgument &argument) {
    switch (argument.getKind()) {
    case TemplateArgument::Type:
      return mentionsUser(argument.getAsType());
    case TemplateArgument::Pack:
      return mentionsUser(argument.pack_elements());
    case TemplateArgument::Declaration:
      return true;
    default:
      return false;
    }
  });
}

bool LibraryBoundary::mentionsUser(const FunctionDecl *function) {
  auto [it, fresh] = mentioning.try_emplace(function->getCanonicalDecl(), false);
  if (!fresh)
    return it->second;
  bool result = false;
  if (const TemplateArgumentList *arguments = function->getTemplateSpecializationArgs())
    result = mentionsUser(arguments->asArray());
  for (const DeclContext *at = function->getDeclContext(); at && !result; at = at->getParent()) {
    if (auto *special = dyn_cast<ClassTemplateSpecializationDecl>(at))
      result = mentionsUser(special->getTemplateArgs().asArray());
    else if (auto *outer = dyn_cast<FunctionDecl>(at))
      result = mentionsUser(outer);
  }
  for (const ParmVarDecl *parameter : function->parameters())
    result = result || mentionsUser(parameter->getType());
  return mentioning[function->getCanonicalDecl()] = result;
}

// ---------------------------------------------------------------- destructions that do nothing

static bool isInertName(StringRef name) {
  return llvm::StringSwitch<bool>(name)
#define GORDIAN_MODELLED_CLASS(NAME, CALLS_BACK)
#define GORDIAN_MODELLED_FUNCTION(NAME)
#define GORDIAN_INERT_CLASS(NAME) .Case(#NAME, true)
#include "source/lower/library_models.def"
      .Default(false);
}

bool LibraryBoundary::isInertClass(const CXXRecordDecl *record) {
  if (!record->hasDefinition() || record->hasTrivialDestructor())
    return true;
  auto inert = [this](QualType type) { return isInert(type); };
  if (record->isInStdNamespace()) {
    auto *special = dyn_cast<ClassTemplateSpecializationDecl>(record);
    if (!special || !record->getIdentifier() || !isInertName(record->getName()))
      return false;
    auto argumentInert = [&](const TemplateArgument &argument) {
      return argument.getKind() != TemplateArgument::Type || inert(argument.getAsType());
    };
    return llvm::all_of(special->getTemplateArgs().asArray(), [&](const TemplateArgument &argument) {
      return argument.getKind() == TemplateArgument::Pack
                 ? llvm::all_of(argument.pack_elements(), argumentInert)
                 : argumentInert(argument);
    });
  }
  const CXXDestructorDecl *destructor = record->getDestructor();
  if (!destructor || destructor->isUserProvided() || destructor->isVirtual())
    return false;
  return llvm::all_of(record->bases(), [&](const CXXBaseSpecifier &base) { return inert(base.getType()); }) &&
         llvm::all_of(record->fields(), [&](const FieldDecl *field) { return inert(field->getType()); });
}

bool LibraryBoundary::isPlainValue(QualType type) {
  const CXXRecordDecl *record = type->getAsCXXRecordDecl();
  return record && record->isInStdNamespace() && record->getIdentifier() && isInertName(record->getName()) &&
         isInert(type);
}

bool LibraryBoundary::isInert(QualType type) {
  while (const clang::ArrayType *array = type->getAsArrayTypeUnsafe())
    type = array->getElementType();
  const CXXRecordDecl *record = type->getAsCXXRecordDecl();
  if (!record)
    return true;
  auto [it, fresh] = inertTypes.try_emplace(record->getCanonicalDecl(), true); // true: while it is asked for
  if (!fresh)
    return it->second;
  bool result = isInertClass(record);
  return inertTypes[record->getCanonicalDecl()] = result;
}

// ---------------------------------------------------------------- what bodies call

namespace {
/// Collects what is called in a body, by name; the bodies of lambdas in it run some other time.
class CallCollector : public ConstStmtVisitor<CallCollector> {
public:
  explicit CallCollector(llvm::function_ref<void(const FunctionDecl *)> onCall) : found(onCall) {}

  void VisitStmt(const Stmt *s) {
    for (const Stmt *child : s->children())
      if (child)
        Visit(child);
  }
  void VisitCallExpr(const CallExpr *e) {
    if (const FunctionDecl *callee = e->getDirectCallee())
      found(callee);
    else
      pointerCalled = true;
    VisitStmt(e);
  }
  void VisitCXXConstructExpr(const CXXConstructExpr *e) {
    found(e->getConstructor());
    VisitStmt(e);
  }
  void VisitCXXDeleteExpr(const CXXDeleteExpr *e) {
    QualType type = e->getDestroyedType();
    auto *record = type.isNull() ? nullptr : type->getAsCXXRecordDecl();
    if (record && record->hasDefinition() && record->getDestructor())
      found(record->getDestructor());
    VisitStmt(e);
  }
  void VisitCXXDefaultArgExpr(const CXXDefaultArgExpr *e) { Visit(e->getExpr()); }
  void VisitCXXDefaultInitExpr(const CXXDefaultInitExpr *e) { Visit(e->getExpr()); }
  void VisitLambdaExpr(const LambdaExpr *e) {
    for (const Expr *init : e->capture_inits())
      if (init)
        Visit(init);
  }
  bool pointerCalled = false;

private:
  llvm::function_ref<void(const FunctionDecl *)> found;
};
} // namespace

const LibraryBoundary::Calls &LibraryBoundary::callsOf(const FunctionDecl *definition) {
  auto &slot = calls[definition->getCanonicalDecl()];
  if (slot)
    return *slot;
  slot = std::make_unique<Calls>();
  Calls &out = *slot;
  auto add = [&](const FunctionDecl *callee) {
    if (callee->isTrivial())
      return;
    if (!places.isSystem(callee))
      out.user.push_back(callee);
    else if (mentionsUser(callee))
      out.library.push_back(callee);
  };
  CallCollector collector(add);
  if (auto *constructor = dyn_cast<CXXConstructorDecl>(definition))
    for (const CXXCtorInitializer *init : constructor->inits())
      if (init->getInit())
        collector.Visit(init->getInit());
  if (const Stmt *body = definition->getBody())
    collector.Visit(body);
  out.callsParameter = collector.pointerCalled;
  return out;
}

static const FunctionDecl *definitionOf(const FunctionDecl *function) {
  const FunctionDecl *definition = nullptr;
  return function->isDefined(definition) ? definition : nullptr;
}

bool LibraryBoundary::reachesUser(const FunctionDecl *root) {
  if (auto it = reaches.find(root->getCanonicalDecl()); it != reaches.end())
    return it->second;
  llvm::SmallVector<const FunctionDecl *, 16> work{root};
  llvm::SmallPtrSet<const FunctionDecl *, 16> seen{root->getCanonicalDecl()};
  bool found = false;
  while (!work.empty() && !found) {
    const Calls &at = callsOf(work.pop_back_val());
    found = !at.user.empty() || at.callsParameter;
    for (const FunctionDecl *callee : at.library) {
      auto known = reaches.find(callee->getCanonicalDecl());
      if (modelOf(callee) != Model::None || (known != reaches.end() && !known->second))
        continue;
      found = found || known != reaches.end();
      const FunctionDecl *definition = definitionOf(callee);
      if (definition && seen.insert(callee->getCanonicalDecl()).second)
        work.push_back(definition);
    }
  }
  if (!found)
    for (const FunctionDecl *one : seen)
      reaches[one] = false;
  return reaches[root->getCanonicalDecl()] = found;
}

bool LibraryBoundary::keepsBody(const FunctionDecl *definition) {
  if (!isStandardLibrary(definition))
    return true;
  return modelOf(definition) == Model::None && mentionsUser(definition) && reachesUser(definition);
}

// ---------------------------------------------------------------- implied calls

std::vector<const FunctionDecl *> LibraryBoundary::collectImplied(const FunctionDecl *root, bool callbacks) {
  std::vector<const FunctionDecl *> out;
  llvm::SmallVector<const FunctionDecl *, 16> work{root};
  llvm::SmallPtrSet<const FunctionDecl *, 16> seen{root->getCanonicalDecl()};
  while (!work.empty()) {
    const Calls &at = callsOf(work.pop_back_val());
    for (const FunctionDecl *callee : at.user) {
      bool wanted = isa<CXXConstructorDecl>(callee) || (callbacks && !isa<CXXDestructorDecl>(callee));
      if (wanted && seen.insert(callee->getCanonicalDecl()).second)
        out.push_back(callee);
    }
    for (const FunctionDecl *callee : at.library) {
      const FunctionDecl *definition = definitionOf(callee);
      if (definition && !isa<CXXDestructorDecl>(callee) && seen.insert(callee->getCanonicalDecl()).second)
        work.push_back(definition);
    }
  }
  return out;
}

ArrayRef<const FunctionDecl *> LibraryBoundary::impliedCalls(const FunctionDecl *function) {
  if (!places.isSystem(function) || !mentionsUser(function))
    return {};
  auto [it, fresh] = implied.try_emplace(function->getCanonicalDecl());
  if (!fresh)
    return it->second;
  const FunctionDecl *definition = definitionOf(function);
  if (!definition || isa<CXXDestructorDecl>(function) || !isStandardLibrary(definition) ||
      keepsBody(definition))
    return {};
  std::vector<const FunctionDecl *> found = collectImplied(definition, modelOf(function) == Model::CallsBack);
  return implied[function->getCanonicalDecl()] = std::move(found);
}

} // namespace gordian::lower
