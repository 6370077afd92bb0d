// SPDX-License-Identifier: MIT
// It calls a function that leaves the lock to its caller.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20
#include <mutex>
#include <shared_mutex>

class Directory {
public:
  int size() const {
    return entries;
  }
  int lockedSize() const {
    std::shared_lock l(m);
    return entries;
  }
  bool empty() const {
    std::shared_lock l(m);
    return size() == 0;
  }
  void add() {
    std::unique_lock l(m);
    ++entries;
  }

private:
  mutable std::shared_mutex m;
  int entries = 0;
};

Directory directory;
bool empty() { return directory.empty(); }
void add() { directory.add(); }
