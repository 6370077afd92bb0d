// SPDX-License-Identifier: MIT
//
// Clang's thread-safety attributes as text (grammar at ir::Attribute). A try_acquire's first argument is the
// result that means success, "=1" or "=0".
#include "source/lower/unit_context.h"

using namespace clang;

namespace gordian::lower {

namespace {
/// Writes the capability expression of an attribute as a path.
class CapabilityText : public ConstStmtVisitor<CapabilityText, std::string> {
public:
  CapabilityText(Names &n, const FunctionDecl *f) : names(n), function(f) {}

  std::string VisitStmt(const Stmt *) { return "?"; }
  std::string VisitParenExpr(const ParenExpr *e) { return Visit(e->getSubExpr()); }
  std::string VisitCastExpr(const CastExpr *e) { return Visit(e->getSubExpr()); }
  std::string VisitFullExpr(const FullExpr *e) { return Visit(e->getSubExpr()); }
  std::string VisitMaterializeTemporaryExpr(const MaterializeTemporaryExpr *e) {
    return Visit(e->getSubExpr());
  }
  std::string VisitCXXBindTemporaryExpr(const CXXBindTemporaryExpr *e) { return Visit(e->getSubExpr()); }
  std::string VisitCXXThisExpr(const CXXThisExpr *) { return "this"; }
  std::string VisitStringLiteral(const StringLiteral *e) {
    return e->isOrdinary() ? e->getString().str() : "?";
  }
  std::string VisitUnaryOperator(const UnaryOperator *e) {
    return (e->getOpcode() == UO_LNot ? "!" : "") + Visit(e->getSubExpr());
  }
  std::string VisitMemberExpr(const MemberExpr *e) {
    if (auto *variable = dyn_cast<VarDecl>(e->getMemberDecl()))
      return "@" + names.globalKey(variable);
    return Visit(e->getBase()) + "." + e->getMemberDecl()->getNameAsString();
  }
  std::string VisitArraySubscriptExpr(const ArraySubscriptExpr *e) { return Visit(e->getBase()) + ".[*]"; }
  std::string VisitCXXConstructExpr(const CXXConstructExpr *e) {
    return e->getNumArgs() ? Visit(e->getArg(0)) : "?";
  }
  std::string VisitCXXMemberCallExpr(const CXXMemberCallExpr *e) {
    if (!e->getMethodDecl())
      return "?";
    std::string object = Visit(e->getImplicitObjectArgument());
    return e->getMethodDecl()->getNameAsString() == "get"
               ? object
               : object + "." + e->getMethodDecl()->getNameAsString() + "()";
  }
  std::string VisitCXXOperatorCallExpr(const CXXOperatorCallExpr *e) {
    switch (e->getOperator()) { // smart pointers: followed silently; a negative capability
    case OO_Arrow:
    case OO_Star:
      return Visit(e->getArg(0));
    case OO_Exclaim:
      return "!" + Visit(e->getArg(0));
    default:
      return "?";
    }
  }
  std::string VisitCallExpr(const CallExpr *e) {
    const FunctionDecl *callee = e->getDirectCallee();
    return callee ? "@" + names.functionKey(callee) + "()" : "?";
  }
  std::string VisitDeclRefExpr(const DeclRefExpr *e) {
    if (auto *field = dyn_cast<FieldDecl>(e->getDecl()))
      return "this." + field->getNameAsString();
    if (auto *parameter = dyn_cast<ParmVarDecl>(e->getDecl())) {
      auto *method = dyn_cast_or_null<CXXMethodDecl>(function);
      unsigned first = method && method->isInstance() ? 1 : 0;
      return "#" + std::to_string(first + parameter->getFunctionScopeIndex());
    }
    if (auto *variable = dyn_cast<VarDecl>(e->getDecl()); variable && variable->hasGlobalStorage())
      return "@" + names.globalKey(variable);
    return e->getDecl()->getNameAsString();
  }

private:
  Names &names;
  const FunctionDecl *function;
};
} // namespace

template <class Args>
static void append(ir::Attribute &out, CapabilityText &text, const Args &args) {
  for (const Expr *arg : args)
    out.args.push_back(arg ? text.Visit(arg) : "?");
}

static void appendSuccess(ir::Attribute &out, const Expr *value, const ASTContext &ast) {
  bool result = true;
  if (value && !value->isValueDependent() && !value->EvaluateAsBooleanCondition(result, ast))
    result = true;
  out.args.push_back(result ? "=1" : "=0");
}

/// False: not an attribute that says something about locks.
static bool translate(const Attr *attr, CapabilityText &text, const ASTContext &ast, ir::Attribute &out) {
  switch (attr->getKind()) {
#define GORDIAN_ARGS(NAME)                                                                                   \
  case attr::NAME:                                                                                           \
    append(out, text, cast<NAME##Attr>(attr)->args());                                                       \
    return true;
#define GORDIAN_ARG(NAME)                                                                                    \
  case attr::NAME:                                                                                           \
    append(out, text, std::initializer_list<const Expr *>{cast<NAME##Attr>(attr)->getArg()});                \
    return true;
#define GORDIAN_TRY(NAME)                                                                                    \
  case attr::NAME:                                                                                           \
    appendSuccess(out, cast<NAME##Attr>(attr)->getSuccessValue(), ast);                                      \
    append(out, text, cast<NAME##Attr>(attr)->args());                                                       \
    return true;
#define GORDIAN_PLAIN(NAME)                                                                                  \
  case attr::NAME:                                                                                           \
    return true;
#include "source/lower/thread_safety_attributes.def"
  case attr::Capability:
    out.args.push_back(cast<CapabilityAttr>(attr)->getName().str());
    return true;
  case attr::Annotate:
    out.args.push_back(cast<AnnotateAttr>(attr)->getAnnotation().str());
    return true;
  default:
    return false;
  }
}

std::vector<ir::Attribute> UnitContext::attributes(const Decl *decl, const FunctionDecl *function) {
  std::vector<ir::Attribute> out;
  if (!decl->hasAttrs())
    return out;
  CapabilityText text(names, function);
  for (const Attr *attr : decl->attrs()) {
    ir::Attribute one;
    one.kind = attr->getSpelling();
    if (translate(attr, text, ast, one))
      out.push_back(std::move(one));
  }
  return out;
}

} // namespace gordian::lower
