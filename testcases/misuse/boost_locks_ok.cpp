// SPDX-License-Identifier: MIT
// It was deferred.
// RUN: %gordian check --rule data-race=off %s -- -std=c++20
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
  boost::lock_guard<boost::mutex> l(m);
  ++n;
}

void twice() {
  boost::unique_lock<boost::mutex> l(m, boost::defer_lock);
  bump();
}
