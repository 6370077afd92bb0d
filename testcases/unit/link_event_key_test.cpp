// SPDX-License-Identifier: MIT
// LINK: gordian_link
//
// Events of one function are told apart by a key of 64 bits. Its parts are small numbers side by side, which
// must not cancel each other out: two kinds of events with one key would be looked for in each other's lists.
#include "source/link/summary/recorder.h"

#include <gtest/gtest.h>

#include <map>

using namespace gordian::link;

TEST(EventKey, SmallNumbersSideBySideDoNotMeet) {
  std::map<uint64_t, std::string> seen;
  for (int tag = 1; tag <= ExitEvent::kTag; ++tag)
    for (uint32_t site = 0; site < 200; ++site)
      for (uint64_t identity = 0; identity < 60; ++identity)
        for (bool doubtful : {false, true}) {
          std::string what = std::to_string(tag) + ", site " + std::to_string(site) + ", " +
                             std::to_string(identity) + (doubtful ? ", doubtful" : "");
          auto [it, isNew] = seen.try_emplace(eventKey(tag, site, identity, {}, doubtful), what);
          ASSERT_TRUE(isNew) << it->second << " is " << what;
        }
}

TEST(EventKey, WhatIsHeldMakesAnotherEvent) {
  std::map<uint64_t, std::string> seen;
  for (Sym path = 0; path < 300; ++path)
    for (bool must : {false, true})
      for (Between between : {Between::Same, Between::Different, Between::Unknown, Between::ChildOf}) {
        HeldHere held;
        held.path = path;
        held.must = must;
        held.between = between;
        std::string what = std::to_string(path) + " " + std::to_string(must) + " " +
                           std::to_string(static_cast<int>(between));
        auto [it, isNew] = seen.try_emplace(eventKey(AcquireEvent::kTag, 1, 2, {held}, false), what);
        ASSERT_TRUE(isNew) << it->second << " is " << what;
      }
}
