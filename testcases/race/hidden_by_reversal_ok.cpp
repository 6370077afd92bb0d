// SPDX-License-Identifier: MIT
// RUN: %gordian_cxx -std=c++20 -O1 %s -o %t
// RUN: %gordian run --format text -o %t.txt -- %t
// RUN: %FileCheck --allow-empty --implicit-check-not=data-race %s < %t.txt
//
// hidden_by_reversal.cpp with orders that hold in every schedule: what one critical section wrote, uninstrumented code in
// the next one reads (the string's own code), or a condition variable hands over.
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

static std::mutex guard;
static std::condition_variable changed;
static int total, payload;
static bool ready;
static std::string state = "a state that is longer than fits into the string itself";

int main() {
  int seen = 0;
  std::thread writer([] {
    total = 7;
    {
      std::lock_guard<std::mutex> g(guard);
      state.assign("done, and this too is longer than what fits");
    }
    payload = 2;
    std::lock_guard<std::mutex> g(guard);
    ready = true;
    changed.notify_one();
  });
  std::thread reader([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    bool done;
    {
      std::lock_guard<std::mutex> g(guard);
      done = state.compare("done, and this too is longer than what fits") == 0;
    }
    if (done)
      seen += total;
    std::unique_lock<std::mutex> g(guard);
    changed.wait(g, [] { return ready; });
    g.unlock();
    seen += payload;
  });
  writer.join();
  reader.join();
  return seen - 9;
}
