// SPDX-License-Identifier: MIT
//
// The baseline's findings by fingerprint; several with one fingerprint (merged by hand) are taken together.
#include "finding/baseline.h"

#include "finding/fingerprint.h"

#include "llvm/ADT/STLExtras.h"

#include <map>
#include <set>

using namespace gordian;

namespace {
struct Known {
  std::set<std::string> edges;
  Level level = Level::None;
  Evidence evidence = Evidence::Static;
};
} // namespace

static BaselineState stateOf(const Finding &f, const Known &known) {
  // Baselines of other tools or of hand-written findings may know no edges: then the lock set decides.
  bool newEdge = !known.edges.empty() && llvm::any_of(f.edgeKeys, [&](const std::string &edge) {
    return known.edges.count(edge) == 0;
  });
  if (newEdge)
    return BaselineState::New;
  return f.level == known.level && f.evidence == known.evidence ? BaselineState::Unchanged
                                                                : BaselineState::Updated;
}

BaselineCount gordian::compareWithBaseline(std::vector<Finding> &now, const std::vector<Finding> &old,
                                           std::vector<Finding> *absent) {
  std::map<std::string, Known> known;
  for (Finding f : old) {
    identify(f);
    Known &k = known[f.fingerprint];
    k.edges.insert(f.edgeKeys.begin(), f.edgeKeys.end());
    k.level = std::max(k.level, f.level);
    k.evidence = std::max(k.evidence, f.evidence);
  }
  BaselineCount count;
  std::set<std::string> present;
  for (Finding &f : now) {
    identify(f);
    present.insert(f.fingerprint);
    auto it = known.find(f.fingerprint);
    f.baseline = it == known.end() ? BaselineState::New : stateOf(f, it->second);
    ++(f.baseline == BaselineState::New ? count.fresh : count.unchanged);
  }
  for (Finding f : old) {
    identify(f);
    if (present.count(f.fingerprint))
      continue;
    ++count.absent;
    if (!absent)
      continue;
    f.baseline = BaselineState::Absent;
    absent->push_back(std::move(f));
  }
  return count;
}
