// SPDX-License-Identifier: MIT
// Two objects of a class, each used by both threads under its own lock.
// RUN: %gordian check %s -- -std=c++20
#include <deque>
#include <mutex>
#include <thread>

class Queue {
public:
  void push(int j) {
    std::lock_guard<std::mutex> l(m);
    jobs.push_back(j);
  }
  int pop() {
    std::lock_guard<std::mutex> l(m);
    int j = jobs.front();
    jobs.pop_front();
    return j;
  }

private:
  std::mutex m;
  std::deque<int> jobs;
};

int main() {
  Queue in, out;
  std::thread t([&] { out.push(in.pop()); });
  in.push(1);
  int j = out.pop();
  t.join();
  return j;
}
