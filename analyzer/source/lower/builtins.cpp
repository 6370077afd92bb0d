// SPDX-License-Identifier: MIT
#include "source/lower/builtins.h"

#include "source/lower/atomics.h"

using namespace clang;

namespace gordian::lower {

static Operand first(Body &b, const CallExpr *e) {
  Operand out = b.argument(e->getArg(0));
  for (unsigned i = 1; i < e->getNumArgs(); ++i)
    b.effect(e->getArg(i));
  return out;
}

static Operand constantOrUnknown(Body &b, const CallExpr *e) {
  Expr::EvalResult result;
  if (!e->isValueDependent() && e->EvaluateAsInt(result, b.ast))
    if (auto small = result.Val.getInt().trySExtValue())
      return Body::integer(*small);
  return Body::unknown();
}

std::optional<Operand> lowerBuiltin(Body &b, const CallExpr *e, const FunctionDecl *callee) {
  unsigned id = callee->getBuiltinID();
  switch (id) {
  case 0:
    return std::nullopt;
  case Builtin::BI__builtin_expect:
  case Builtin::BI__builtin_expect_with_probability:
  case Builtin::BI__builtin_launder:
  case Builtin::BI__builtin_assume_aligned:
  case Builtin::BI__builtin_addressof:
  case Builtin::BI__builtin_function_start:
  case Builtin::BIaddressof:
  case Builtin::BI__addressof:
  case Builtin::BImove:
  case Builtin::BImove_if_noexcept:
  case Builtin::BIforward:
  case Builtin::BIforward_like:
  case Builtin::BIas_const:
    return first(b, e);
  case Builtin::BI__builtin_unreachable:
    b.stop(e->getExprLoc());
    return Body::unknown();
  case Builtin::BI__builtin_assume:
  case Builtin::BI__assume:
  case Builtin::BI__builtin_prefetch:
    return Body::unknown();
  case Builtin::BI__builtin_constant_p:
  case Builtin::BI__builtin_object_size:
  case Builtin::BI__builtin_dynamic_object_size:
  case Builtin::BI__builtin_classify_type:
    return constantOrUnknown(b, e); // their operand is not evaluated
  case Builtin::BI__builtin_is_constant_evaluated:
    return Body::integer(0);
  default:
    break;
  }
  if (auto done = lowerSyncBuiltin(b, e, callee))
    return done;
  if (b.ast.BuiltinInfo.isConst(id) &&
      !b.ast.BuiltinInfo.isPredefinedLibFunction(id)) { // bit counting and alike
    for (const Expr *arg : e->arguments())
      b.effect(arg);
    return Body::unknown();
  }
  return std::nullopt;
}

} // namespace gordian::lower
