// SPDX-License-Identifier: MIT
// Written under a once flag and by a static's initialiser, read by those who passed it.
// RUN: %gordian check %s -- -std=c++20
#include <mutex>
int probe();
static std::once_flag flag;
static int *table;
static void build() { table = new int[2]{probe(), probe()}; }
int look(int i) {
  std::call_once(flag, build);
  return table[i];
}
int sum() {
  std::call_once(flag, [] { build(); });
  return table[0] + table[1];
}
bool fast() {
  static bool answer = probe() > 0;
  return answer;
}
