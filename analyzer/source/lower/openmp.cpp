// SPDX-License-Identifier: MIT
#include "source/lower/openmp.h"

using namespace clang;

namespace gordian::lower {

static void lowerCritical(Body &b, const OMPCriticalDirective *s) {
  Id mark = b.top;
  Operand name{ir::OperandKind::String, b.unit.string(s->getDirectiveName().getAsString()), 0};
  b.runtimeCall("GOMP_critical_name_start", {name}, s->getBeginLoc());
  Cleanup end;
  end.kind = Cleanup::Kind::EndCritical;
  end.runtime = "GOMP_critical_name_end";
  end.value = name;
  end.location = s->getEndLoc();
  b.push(std::move(end));
  b.statement(s->getInnermostCapturedStmt()->getCapturedStmt());
  b.leaveTo(mark, s->getEndLoc());
}

void lowerOpenMP(Body &b, const OMPExecutableDirective *s) {
  if (!s->hasAssociatedStmt())
    return;
  const Stmt *body = s->getAssociatedStmt();
  if (auto *critical = dyn_cast<OMPCriticalDirective>(s); critical && isa<CapturedStmt>(body))
    return lowerCritical(b, critical);
  while (auto *captured = dyn_cast<CapturedStmt>(body))
    body = captured->getCapturedStmt();
  b.statement(body);
}

} // namespace gordian::lower
