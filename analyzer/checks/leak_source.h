// SPDX-License-Identifier: MIT
//
// One forgotten release is one defect. Every caller of the function that forgot it leaves the lock held too,
// and every later acquisition finds it held: these follow from the leak and are not findings of their own.
#ifndef GORDIAN_CHECKS_LEAK_SOURCE_H
#define GORDIAN_CHECKS_LEAK_SOURCE_H

#include "facts/facts.h"

#include <set>

namespace gordian::checks {

class LeakSources {
public:
  explicit LeakSources(const facts::Facts &facts);

  /// A function below `function` on the way to the acquisition leaves it held itself and is judged for it.
  bool explain(const facts::Held &held, const std::string &function) const;

private:
  std::set<std::pair<std::string, Location>> places; // the leaking function and where in it the lock is taken
};

} // namespace gordian::checks

#endif
