// SPDX-License-Identifier: MIT
// A lock that a run has met is shown with the line that declares it: a member by its class (or that of its base), a
// static variable by itself. Where it was first taken is no declaration.
// RUN: %cxx %s -o %t
// RUN: %run --format sarif -o %t.sarif -- %t; test $? -eq 66
// RUN: %FileCheck %s < %t.sarif
#include <memory>
#include <mutex>
#include <thread>

struct Base {
  std::mutex guard; // CHECK-DAG: "startLine": [[@LINE]]
};
struct Account : Base {};
struct Slot {
  std::mutex door; // CHECK-DAG: "startLine": [[@LINE]]
};

static Slot slots[2];

static void pay(Account &account, Slot &slot) {
  std::lock_guard first(account.guard);
  std::lock_guard second(slot.door);
}

static void count(Account &account, Slot &slot) {
  std::lock_guard first(slot.door);
  std::lock_guard second(account.guard);
}

int main() {
  auto account = std::make_unique<Account>();
  std::thread a([&] { pay(*account, slots[1]); });
  std::thread b([&] { count(*account, slots[1]); });
  a.join();
  b.join();
}
// CHECK-DAG: "text": "slots[1].door is declared here"
// CHECK-DAG: "text": "{{(Base|Account)}}::guard is declared here"
