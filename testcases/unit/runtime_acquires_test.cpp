// SPDX-License-Identifier: MIT
// LINK: gordian_runtime_core
//
// Held stacks, identities and ordering, as several threads use them at once: random programs against a model
// of what each thread holds. Built with a sanitizer (docs/testing.md) it is the test of the runtime's shared
// tables.
#include "runtime/trace/order.h"
#include "trace/chains.h"
#include "trace/contexts.h"
#include "trace/session.h"
#include "trace/writer.h"
#include "trace_folder.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <thread>
#include <vector>

using namespace gordian;
using namespace gordian::runtime;

namespace {

constexpr unsigned kThreads = 4, kLocks = 24, kSteps = 20'000;

/// Half of the locks have their identity in place, as a mutex has; the others have an Object.
struct alignas(64) Lock {
  uint64_t words[8] = {};
};
Lock locks[kLocks];

bool isPlaced(unsigned lock) {
  return lock % 2 == 0;
}

trace::Ref identityOf(const Recording &r, unsigned lock, CallPoint at, uint64_t site) {
  ThreadState *t = r.thread();
  if (isPlaced(lock))
    return identifyInPlace(t, placeIn(&locks[lock], kMutexPlace), &locks[lock], {trace::ObjectKind::Mutex},
                           at, site);
  Object *o = objectAt(&locks[lock]);
  return o ? identify(t, o, {trace::ObjectKind::Spin}, at, site) : trace::kNoRef;
}

/// What a hook does around the real call.
__attribute__((noinline)) void acquire(ThreadState *t, unsigned lock) {
  const CallPoint at = GORDIAN_CALL_POINT();
  const uint64_t site = callKey(at, t->stack);
  trace::Ref id = trace::kNoRef;
  if (Recording r(t); r)
    id = identityOf(r, lock, at, site);
  ASSERT_NE(id, trace::kNoRef);
  pushHeld(t, &locks[lock], id, isPlaced(lock) ? trace::ObjectKind::Mutex : trace::ObjectKind::Spin,
           isPlaced(lock) ? kHeldPlain : kHeldOnce, at, site);
}

/// Two call sites, so that contexts differ.
__attribute__((noinline)) void acquireHere(ThreadState *t, unsigned lock) {
  acquire(t, lock);
  asm volatile("");
}
__attribute__((noinline)) void acquireThere(ThreadState *t, unsigned lock) {
  acquire(t, lock);
  asm volatile("");
}

/// The locks of a node's path, innermost first.
std::vector<uint64_t> pathOf(trace::Ref node) {
  std::vector<uint64_t> path;
  while (node) {
    const auto *n = static_cast<const trace::NodeRecord *>(traceFile.at(node));
    path.push_back(lockRecord(n->lock)->address);
    node = n->parent;
  }
  return path;
}

class Program {
public:
  Program(ThreadState *t, unsigned seed) : t_(t), random_(seed) {}

  void run() {
    for (unsigned i = 0; i < kSteps && !testing::Test::HasFatalFailure(); i++)
      step();
    while (!held_.empty())
      release(held_.size() - 1);
    EXPECT_EQ(t_->top(), t_->bottom());
  }

private:
  void step() {
    const unsigned choice = random_() % 16;
    if (choice < 7 && held_.size() < 6)
      take(random_() % kLocks);
    else if (choice < 13 && !held_.empty())
      release(random_() % 4 ? held_.size() - 1 : random_() % held_.size());
    else if (choice == 13)
      order(random_() % kLocks);
    compare();
  }

  void take(unsigned lock) {
    for (unsigned mine : held_)
      if (mine == lock)
        return;
    random_() % 2 ? acquireHere(t_, lock) : acquireThere(t_, lock);
    held_.push_back(lock);
  }

  void release(size_t which) {
    HeldEntry *e = findHeld(t_, &locks[held_[which]]);
    ASSERT_NE(e, nullptr);
    removeHeld(t_, e);
    held_.erase(held_.begin() + ptrdiff_t(which));
  }

  /// A hand-off at an object, in both directions.
  void order(unsigned lock) {
    Recording r(t_);
    Object *o = objectAt(&locks[lock].words[1]);
    ASSERT_NE(o, nullptr);
    absorbFrom(t_, trace::OrderKind::Condition, o);
    publishAt(t_, o);
    takeUnit(t_, o);
    postUnit(t_, o);
  }

  /// The held stack is the model's, and the record of its innermost lock says what is held below it.
  void compare() {
    ASSERT_EQ(size_t(t_->top() - t_->bottom()), held_.size());
    std::vector<uint64_t> expected;
    for (size_t i = held_.size(); i-- > 0;) {
      const void *address = &locks[held_[i]];
      ASSERT_EQ(t_->bottom()[i + 1].address, address);
      expected.push_back(reinterpret_cast<uint64_t>(address));
    }
    Recording r(t_);
    if (const trace::Ref node = heldNode(r)) {
      ASSERT_EQ(pathOf(node), expected);
    }
  }

  ThreadState *t_;
  std::mt19937 random_;
  std::vector<unsigned> held_;
};

TEST(Acquires, randomProgramsOfSeveralThreadsAgreeWithTheModel) {
  const TraceFolder folder;
  for (unsigned round = 0; round < 3; round++) {
    std::vector<std::thread> threads;
    for (unsigned t = 0; t < kThreads; t++)
      threads.emplace_back([=] {
        ThreadState *state = startThread({});
        ASSERT_NE(state, nullptr);
        Program(state, round * kThreads + t).run();
        endThread(state);
      });
    for (std::thread &t : threads)
      t.join();
    EXPECT_EQ(liveThreads(), 0u);
  }
  EXPECT_TRUE(recording);
  EXPECT_EQ(traceFile.header().dropped[trace::kDroppedLocks], 0u);
}

} // namespace
