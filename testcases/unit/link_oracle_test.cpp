// SPDX-License-Identifier: MIT
// LINK: gordian_link gordian_checks
//
// The whole static chain behind the front end, lowered text -> link -> checks, against every interleaving of
// random programs. Both ways: a deadlock that some interleaving reaches is reported, and what is reported is
// reached by some interleaving.
#include "testcases/unit/lock_programs.h"

#include "checks/checks.h"
#include "source/ir/text.h"
#include "source/link/link.h"

#include <gtest/gtest.h>

using namespace gordian;
using namespace gordian::test;

namespace {

using LockSets = std::set<std::set<int>>;

struct Reported {
  LockSets inversions;
  std::map<std::string, std::set<int>> locks; // by rule
};

Reported check(const LockProgram &program) {
  std::vector<ir::Unit> units;
  units.push_back(llvm::cantFail(ir::readText(program.lowered(), "random")));
  Reported out;
  for (const Finding &f : checks::runChecks(link::linkUnits(std::move(units)), {})) {
    std::set<int> locks;
    for (const Subject &s : f.subjects)
      locks.insert(std::stoi(s.name.substr(1)));
    if (f.rule == "lock-order-inversion")
      out.inversions.insert(locks);
    else
      out.locks[f.rule].insert(locks.begin(), locks.end());
  }
  return out;
}

std::string text(const LockSets &sets) {
  std::string out;
  for (const std::set<int> &set : sets) {
    out += "{";
    for (int l : set)
      out += " l" + std::to_string(l);
    out += " } ";
  }
  return out;
}

/// Those that contain no other.
LockSets minimal(const LockSets &sets) {
  LockSets out;
  for (const std::set<int> &a : sets)
    if (std::none_of(sets.begin(), sets.end(), [&](const std::set<int> &b) {
          return b != a && std::includes(a.begin(), a.end(), b.begin(), b.end());
        }))
      out.insert(a);
  return out;
}

/// What a thread acquired and released again on its way is not compared, so that beside a real deadlock
/// another set of its locks can be reported that only a schedule through that deadlock would reach.
bool sharesLock(const std::set<int> &set, const LockSets &real) {
  return std::any_of(real.begin(), real.end(), [&](const std::set<int> &r) {
    return std::any_of(set.begin(), set.end(), [&](int l) { return r.count(l) != 0; });
  });
}

void compareOrders(const ProgramShape &shape, unsigned programs) {
  unsigned compared = 0, deadlocks = 0;
  for (unsigned seed = 1; seed <= programs && !testing::Test::HasFailure(); ++seed) {
    LockProgram program = RandomProgram(seed, shape).make();
    Behaviour real = Explorer(program).explore(30000);
    if (!real.complete || real.misuse())
      continue;
    ++compared;
    deadlocks += !real.deadlocks.empty();
    LockSets reported = check(program).inversions;
    for (const std::set<int> &set : minimal(real.deadlocks))
      EXPECT_TRUE(reported.count(set))
          << "missed " << text({set}) << "reported " << text(reported) << "seed " << seed << "\n"
          << program.readable();
    for (const std::set<int> &set : reported)
      EXPECT_TRUE(sharesLock(set, real.deadlocks))
          << "false " << text({set}) << "real " << text(real.deadlocks) << "seed " << seed << "\n"
          << program.readable();
  }
  // The comparison must have been about something.
  EXPECT_GT(compared, programs / 4);
  EXPECT_GT(deadlocks, programs / 50);
  EXPECT_LT(deadlocks, compared - programs / 50);
}

/// One thread that acquires and releases at random places. What is reported must be reachable; what is
/// reachable need not be reported everywhere, since after a first misuse the state is in doubt.
void compareMisuse(const char *rule, std::set<int> Behaviour::*real, unsigned programs,
                   double expectedShare) {
  ProgramShape shape = {.mutexes = 2, .roots = 1, .threads = 1, .helpers = 0, .careless = true};
  double found = 0, all = 0;
  for (unsigned seed = 1; seed <= programs; ++seed) {
    LockProgram program = RandomProgram(seed, shape).make();
    const Behaviour behaviour = Explorer(program).explore();
    // A lock that is released elsewhere, or taken again, is no clear case of a leak.
    if (real == &Behaviour::leaked && !(behaviour.reacquired.empty() && behaviour.badlyReleased.empty()))
      continue;
    const std::set<int> &expected = behaviour.*real, reported = check(program).locks[rule];
    for (int l : reported)
      EXPECT_TRUE(expected.count(l)) << "false " << rule << " of l" << l << " seed " << seed << "\n"
                                     << program.readable();
    for (int l : expected) {
      all += 1;
      found += reported.count(l);
    }
  }
  EXPECT_GT(all, programs / 20);
  EXPECT_GT(found / all, expectedShare) << rule << ": " << found << " of " << all;
}

} // namespace

TEST(LinkOracle, TwoThreadsNestedMutexes) {
  compareOrders({}, 400);
}
TEST(LinkOracle, ThreeThreads) {
  compareOrders({.mutexes = 4, .roots = 3, .threads = 3}, 200);
}
TEST(LinkOracle, OneRootManyThreads) {
  compareOrders({.roots = 1, .threads = 3}, 200);
}
TEST(LinkOracle, ReadersAndWriters) {
  compareOrders({.mutexes = 1, .rwlocks = 2}, 400);
}
TEST(LinkOracle, Trylock) {
  compareOrders({.tries = true}, 400);
}
TEST(LinkOracle, HandOverHand) {
  compareOrders({.mutexes = 4, .crossed = true}, 400);
}
TEST(LinkOracle, Reacquisition) {
  compareMisuse("non-reentrant-reacquire", &Behaviour::reacquired, 300, 0.9);
}
TEST(LinkOracle, Release) {
  compareMisuse("release-without-acquire", &Behaviour::badlyReleased, 300, 0.9);
}
TEST(LinkOracle, Leak) {
  compareMisuse("lock-leak", &Behaviour::leaked, 1000, 0.9);
}
