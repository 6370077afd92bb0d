// SPDX-License-Identifier: MIT
// boost::unique_lock holds what boost::lock_guard asks for.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20 > %t.txt; test $? -eq 1
// RUN: %FileCheck %s < %t.txt
// CHECK-DAG: [non-reentrant-reacquire]
namespace boost {
struct defer_lock_t {};
inline constexpr defer_lock_t defer_lock{};
class mutex {
public:
  void lock();
  void unlock();
};
template <class M>
class lock_guard {
public:
  explicit lock_guard(M &m);
  ~lock_guard();
};
template <class M>
class unique_lock {
public:
  explicit unique_lock(M &m);
  unique_lock(M &m, defer_lock_t);
  ~unique_lock();
};
} // namespace boost

static boost::mutex m;
static int n;

static void bump() {
  boost::lock_guard<boost::mutex> l(m); // CHECK-DAG: boost_locks.cpp:[[@LINE]]:
  ++n;
}

void twice() {
  boost::unique_lock<boost::mutex> l(m); // CHECK-DAG: boost_locks.cpp:[[@LINE]]:
  bump();
}
