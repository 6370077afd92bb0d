// SPDX-License-Identifier: MIT
// A reader calls another reader of one std::shared_mutex: undefined.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [non-reentrant-reacquire]
#include <mutex>
#include <shared_mutex>

class Directory {
public:
  int size() const {
    std::shared_lock l(m); // CHECK-DAG: shared_lock_reader.cpp:[[@LINE]]:
    return entries;
  }
  bool empty() const {
    std::shared_lock l(m); // CHECK-DAG: shared_lock_reader.cpp:[[@LINE]]:
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
