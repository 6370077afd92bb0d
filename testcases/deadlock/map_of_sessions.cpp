// SPDX-License-Identifier: MIT
// A map's lock and the lock of its values, in both orders.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [lock-order-inversion]
#include <map>
#include <mutex>
#include <string>

struct Session {
  std::mutex m;
  int hits = 0;
};

class Sessions {
public:
  void touch(const std::string &key) {
    std::lock_guard<std::mutex> l(m);
    Session &s = map[key];
    std::lock_guard<std::mutex> k(s.m); // CHECK-DAG: map_of_sessions.cpp:[[@LINE]]:
    ++s.hits;
  }
  void drop(Session &s, const std::string &key) {
    std::unique_lock<std::mutex> k(s.m);
    s.hits = 0;
    std::lock_guard<std::mutex> l(m); // CHECK-DAG: map_of_sessions.cpp:[[@LINE]]:
    dropped = key;
  }

private:
  std::mutex m;
  std::map<std::string, Session> map;
  std::string dropped;
};

Sessions sessions;
void touch() { sessions.touch("k"); }
void drop(Session &s) { sessions.drop(s, "k"); }
