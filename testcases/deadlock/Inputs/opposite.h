// SPDX-License-Identifier: MIT
// Two locks, two threads, opposite orders. What keeps them apart (or does not) is defined by the test:
//   before_first() after_first()     around the first thread's pair
//   before_second() after_second()   around the second thread's
#include <mutex>
#include <thread>

inline std::mutex left, right;
inline int work;

void before_first();
void after_first();
void before_second();
void after_second();

inline void first() {
  before_first();
  {
    std::lock_guard<std::mutex> l(left);
    std::lock_guard<std::mutex> r(right);
    work++;
  }
  after_first();
}

inline void second() {
  before_second();
  {
    std::lock_guard<std::mutex> r(right);
    std::lock_guard<std::mutex> l(left);
    work++;
  }
  after_second();
}

inline void pause_a_little() { std::this_thread::sleep_for(std::chrono::milliseconds(50)); }
