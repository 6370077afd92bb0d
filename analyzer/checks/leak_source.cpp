// SPDX-License-Identifier: MIT
#include "checks/leak_source.h"

#include "checks/draft.h"

namespace gordian::checks {

using namespace facts;

/// The functions on the way to an acquisition, each with the place where it goes on.
static std::vector<std::pair<std::string, Location>> wayTo(const Held &held) {
  std::vector<std::pair<std::string, Location>> way;
  if (held.acquired.empty())
    return way;
  const Step &last = held.acquired.back();
  way.emplace_back(functionName(last.function), last.location);
  for (const Frame &f : last.stack)
    way.emplace_back(functionName(f.function), f.location);
  return way;
}

LeakSources::LeakSources(const Facts &facts) {
  for (const HeldAtExit &h : facts.heldAtExits)
    if (h.kind == HeldAtExit::Kind::Return || h.kind == HeldAtExit::Kind::Throw)
      for (auto &place : wayTo(h.held))
        if (place.first == functionName(h.function))
          places.insert(place);
}

bool LeakSources::explain(const Held &held, const std::string &function) const {
  for (const auto &place : wayTo(held))
    if (place.first != functionName(function) && places.count(place))
      return true;
  return false;
}

} // namespace gordian::checks
