// SPDX-License-Identifier: MIT
// A value gives its lock up before the map's is taken.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20
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
    std::lock_guard<std::mutex> k(s.m);
    ++s.hits;
  }
  void drop(Session &s, const std::string &key) {
    std::unique_lock<std::mutex> k(s.m);
    s.hits = 0;
    k.unlock();
    std::lock_guard<std::mutex> l(m);
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
