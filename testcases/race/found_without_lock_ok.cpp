// SPDX-License-Identifier: MIT
// A map that is changed under its class's lock is searched under it too.
// RUN: %gordian check %s -- -std=c++20
#include <map>
#include <mutex>

class Sessions {
public:
  void open(int id, int user) {
    std::lock_guard<std::mutex> l(m);
    byId[id] = user;
  }
  void close(int id) {
    std::lock_guard<std::mutex> l(m);
    byId.erase(id);
  }
  int user(int id) {
    std::lock_guard<std::mutex> l(m);
    auto it = byId.find(id);
    return it == byId.end() ? -1 : it->second;
  }

private:
  std::mutex m;
  std::map<int, int> byId;
};
