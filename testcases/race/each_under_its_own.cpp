// SPDX-License-Identifier: MIT
// Two members of one object guard its list in two functions.
// RUN: not %gordian check %s -- -std=c++20 2>&1 | %FileCheck %s
// CHECK: `main()::q.jobs` {{.*}} [data-race]
#include <deque>
#include <mutex>
#include <thread>

class Queue {
public:
  void push(int j) {
    std::lock_guard<std::mutex> l(in);
    jobs.push_back(j);
  }
  int pop() {
    std::lock_guard<std::mutex> l(out);
    int j = jobs.front();
    jobs.pop_front();
    return j;
  }

private:
  std::mutex in, out;
  std::deque<int> jobs;
};

int main() {
  Queue q;
  std::thread t([&] { q.push(1); });
  int j = q.pop();
  t.join();
  return j;
}
