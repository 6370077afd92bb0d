// SPDX-License-Identifier: MIT
#include "predict/agent.h"

#include "predict/reports.h"

#include <cstdlib>
#include <new>
#include <sys/syscall.h>
#include <unistd.h>

extern "C" int __sanitizer_install_malloc_and_free_hooks(void (*)(const volatile void *, size_t),
                                                         void (*)(const volatile void *))
    __attribute__((weak));

namespace gordian::predict {

// Constant-initialised and never destroyed: threads may outlive the program's exit.
constinit Engine engine;
constinit Cells cells;
constinit Contexts contexts;
constinit SyncClock outside;
constinit thread_local Agent *self __attribute__((tls_model("initial-exec"))) = nullptr;

namespace {

constinit std::atomic<Agent *> agents[kMaxThreads] = {};

constexpr uint32_t kWatchedPages = 1u << 16; // 256 MiB of the program's memory

/// Is there `key=value` in GORDIAN_OPTIONS, a list separated by colons?
bool optionSays(const char *key, const char *value) {
  const char *at = getenv("GORDIAN_OPTIONS");
  while (at && *at) {
    const char *k = key, *v = value;
    while (*k && *at == *k)
      at++, k++;
    if (!*k && *at == '=') {
      at++;
      while (*v && *at == *v)
        at++, v++;
      if (!*v && (*at == ':' || !*at))
        return true;
    }
    while (*at && *at++ != ':') {
    }
  }
  return false;
}

void onMalloc(const volatile void *memory, size_t size) {
  Agent *agent = awake();
  if (!agent || agent->inside)
    return;
  Inside inside(*agent);
  cells.forget(addressOf(memory), addressOf(memory) + size);
}

void onFree(const volatile void *) {}

void inForkedChild() {
  engine.off(); // its other threads are gone in the middle of what they did
}

__attribute__((constructor(101))) void begin() {
  if (!__sanitizer_install_malloc_and_free_hooks || optionSays("predict_races", "0") ||
      optionSays("predict_races", "false"))
    return;
  if (!contexts.init() || !cells.init(engine, kWatchedPages, judge) || !engine.init(Limits()))
    return;
  Agent *agent = makeAgent(nullptr, 0);
  if (!agent)
    return;
  agent->handle = pthread_self();
  agent->hasHandle.store(true, std::memory_order_release);
  agent->kernelId = int(syscall(SYS_gettid));
  pthread_atfork(nullptr, nullptr, inForkedChild);
  __sanitizer_install_malloc_and_free_hooks(onMalloc, onFree);
  self = agent;
}

} // namespace

Agent *makeAgent(Agent *creator, Context created) {
  Thread *thread = engine.start(creator ? creator->thread : nullptr);
  void *memory = thread ? reserve(sizeof(Agent)) : nullptr;
  if (!memory) {
    engine.off();
    return nullptr;
  }
  auto *agent = new (memory) Agent();
  agent->thread = thread;
  agent->creator = creator ? creator->thread->tid : 0;
  agent->created = created;
  agents[thread->tid].store(agent, std::memory_order_release);
  return agent;
}

Agent *agentOf(Tid thread) {
  return agents[thread].load(std::memory_order_acquire);
}

void sendAt(Agent &agent, uintptr_t object) {
  if (engine.alone())
    return;
  if (SyncClock *clock = cells.syncAt(object))
    engine.send(*agent.thread, *clock);
}

void acquired(Agent &agent, uintptr_t lock, bool shared) {
  if (const LockId id = cells.lockAt(lock))
    engine.acquire(*agent.thread, id, shared);
}

void released(Agent &agent, uintptr_t lock) {
  if (const LockId id = cells.lockAt(lock))
    engine.release(*agent.thread, id);
}

void settlePending(Agent &agent) {
  const Agent::Pending pending = agent.pending;
  agent.pending = Agent::Pending::None;
  switch (pending) {
  case Agent::Pending::None:
    return;
  case Agent::Pending::Reacquire:
    if (SyncClock *clock = cells.knownSyncAt(agent.pendingCondition))
      engine.receive(*agent.thread, *clock);
    [[fallthrough]];
  case Agent::Pending::Acquire:
  case Agent::Pending::AcquireShared:
    acquired(agent, agent.pendingObject, pending == Agent::Pending::AcquireShared);
    if (agent.pendingOpaque)
      engine.opaque(*agent.thread);
    return;
  case Agent::Pending::Receive:
    if (SyncClock *clock = cells.knownSyncAt(agent.pendingObject))
      engine.receive(*agent.thread, *clock);
    return;
  case Agent::Pending::Join:
  case Agent::Pending::MaybeJoin:
    engine.join(*agent.thread, agent.pendingThread, pending == Agent::Pending::Join);
    return;
  }
}

} // namespace gordian::predict
