// SPDX-License-Identifier: MIT
//
// The predictor inside a program: what each thread has of it, and what the wrapped functions (accesses.cpp,
// atomics.cpp, functions.cpp, calls.cpp) share.
//
// Wrapped functions end with a jump to what they wrap, so that ThreadSanitizer (which takes its caller's
// address for the place in the user's code) and libgordian.so (which looks at the stack) see the program's
// call and not ours. What must be noted after the wrapped function has returned is left `pending` in the
// agent: whatever the thread does next settles it first. An acquisition is settled while the lock is still
// held, so the order of acquisitions is right; an order that is taken up late only grows.
//
// Nothing here may be called while it is at work in the same thread (a signal handler): such events are
// dropped, and the engine is then off, because a dropped event may have been an order.
#ifndef GORDIAN_INSTRUMENT_PREDICT_AGENT_H
#define GORDIAN_INSTRUMENT_PREDICT_AGENT_H

#include "predict/cells.h"
#include "predict/contexts.h"
#include "tsan/interface.h"

#include <pthread.h>

namespace gordian::predict {

extern Engine engine;
extern Cells cells;
extern Contexts contexts;
/// Orders whatever is done by way of code that is not instrumented at all (calls.cpp).
extern SyncClock outside;

struct Agent {
  Thread *thread;
  CallStack calls;
  /// The innermost call is to code that is not instrumented.
  bool inOpaqueCode;
  bool inside;
  unsigned ignored; // nesting of AnnotateIgnore...

  enum class Pending : uint8_t { None, Acquire, AcquireShared, Reacquire, Receive, Join, MaybeJoin };
  Pending pending;
  bool pendingOpaque;
  uintptr_t pendingObject;    // lock, or what to receive from
  uintptr_t pendingCondition; // Reacquire
  Tid pendingThread;

  // How it began.
  void *(*start)(void *);
  void *argument;
  pthread_t handle;
  std::atomic<bool> hasHandle;
  int kernelId;
  Tid creator;
  Context created;
};

extern constinit thread_local Agent *self __attribute__((tls_model("initial-exec")));

/// The calling thread's agent, where there is something to do.
inline Agent *awake() {
  Agent *agent = self;
  return agent && engine.on() ? agent : nullptr;
}

/// Marks the agent as at work. `entered` is false where it was already.
class Inside {
public:
  explicit Inside(Agent &agent) : agent_(agent), entered(!agent.inside) {
    if (entered)
      agent.inside = true;
    else
      engine.off();
  }
  ~Inside() {
    if (entered)
      agent_.inside = false;
  }
  Inside(const Inside &) = delete;
  Inside &operator=(const Inside &) = delete;

private:
  Agent &agent_;

public:
  const bool entered;
};

void settlePending(Agent &agent);
inline void settle(Agent &agent) {
  if (agent.pending != Agent::Pending::None)
    settlePending(agent);
}

/// Does `work` for the calling thread, where there is something to do, after what is pending.
template <class Work>
inline void now(Work work) {
  if (Agent *agent = awake()) {
    Inside inside(*agent);
    if (inside.entered) {
      settle(*agent);
      work(*agent);
    }
  }
}

inline uintptr_t addressOf(const volatile void *object) {
  return reinterpret_cast<uintptr_t>(object);
}

void sendAt(Agent &agent, uintptr_t object);
void acquired(Agent &agent, uintptr_t lock, bool shared);
void released(Agent &agent, uintptr_t lock);

/// A new thread's agent, made by its creator. Null where there is none: the engine is off then.
Agent *makeAgent(Agent *creator, Context created);
/// All that were made, in the order of their threads.
Agent *agentOf(Tid thread);

#define GORDIAN_RETURN_ADDRESS uintptr_t(__builtin_return_address(0))

} // namespace gordian::predict

#endif
