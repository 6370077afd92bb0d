// SPDX-License-Identifier: MIT
#include "source/link/link.h"
#include "source/link/facts/emitter.h"
#include "source/link/summary/summarise.h"

namespace gordian::link {

static void tellCuts(const Cuts &cuts, facts::Facts &facts) {
  auto tell = [&](unsigned n, const char *what) {
    if (n)
      facts.notifications.push_back({Level::Note, std::to_string(n) + what, {}});
  };
  tell(cuts.functions, " functions were too large to be analysed in full");
  tell(cuts.requests, " lock requests of functions with very many were left out for their callers");
}

facts::Facts linkUnits(std::vector<ir::Unit> units, const LinkOptions &options) {
  Tables tables(options.rows);
  Program program(std::move(units), tables);
  Hierarchy hierarchy(program);
  FunctionFlow flow(program, hierarchy);
  CallGraph graph(program, hierarchy, flow);
  Writes writes(program, graph);
  World world(program, hierarchy, flow, graph, writes);
  Context context(world);
  summariseAll(context, options.jobs);
  facts::Facts facts = Emitter(context).run();
  tellCuts(context.cuts, facts);
  return facts;
}

} // namespace gordian::link
