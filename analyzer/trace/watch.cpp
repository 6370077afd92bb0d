// SPDX-License-Identifier: MIT
//
// See watch.h.
#include "trace/watch.h"

#include <algorithm>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <functional>
#include <map>
#include <unistd.h>

namespace gordian::trace {

Watcher::Watcher(std::string where) : folder(std::move(where)) {
  auto found = tracesIn(folder);
  if (found)
    before.insert(found->begin(), found->end());
  else
    llvm::consumeError(found.takeError());
}

std::vector<std::string> Watcher::files() const {
  std::vector<std::string> out;
  auto found = tracesIn(folder);
  if (!found) {
    llvm::consumeError(found.takeError());
    return out;
  }
  for (const std::string &path : *found)
    if (!before.count(path))
      out.push_back(path);
  return out;
}

void Watcher::readHeaders() {
  for (const std::string &path : files()) {
    Process &process = processes[path];
    int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0)
      continue;
    FileHeader header;
    process.readable = ::pread(fd, &header, sizeof header, 0) == ssize_t(sizeof header) &&
                       header.magic == kMagic && header.version == kVersion;
    if (process.readable)
      process.header = header;
    ::close(fd);
  }
}

static bool isRunning(const FileHeader &header) {
  return header.endState == uint32_t(EndState::Running) && ::kill(pid_t(header.pid), 0) == 0;
}

std::vector<pid_t> Watcher::running() const {
  std::vector<pid_t> pids;
  for (const auto &[path, process] : processes)
    if (process.readable && isRunning(process.header))
      pids.push_back(pid_t(process.header.pid));
  return pids;
}

bool Watcher::poll() {
  readHeaders();
  uint64_t deadlocks = 0;
  for (const auto &[path, process] : processes)
    if (process.readable)
      deadlocks += process.header.deadlocks;
  bool fresh = deadlocks > deadlocksSeen;
  deadlocksSeen = deadlocks;
  return pollSharedLocks() || fresh;
}

/// The cheap question before the dear one: does any thread of the process wait for a process-shared object?
static bool waitsForShared(const std::string &path, const FileHeader &header) {
  int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return false;
  bool found = false;
  uint32_t slots = std::min({header.slotsUsed, header.waitSlots, kWaitSlots});
  std::vector<WaitSlot> table(header.waitSlotSize == sizeof(WaitSlot) ? slots : 0);
  ssize_t size = ::pread(fd, table.data(), table.size() * sizeof(WaitSlot), off_t(header.waitTableOffset));
  table.resize(size > 0 ? size_t(size) / sizeof(WaitSlot) : 0);
  for (const WaitSlot &slot : table)
    found |= slot.tid != 0 && slot.number % 2 == 1 && (slot.flags & kWaitShared);
  ::close(fd);
  return found;
}

bool Watcher::pollSharedLocks() {
  std::vector<std::string> waiting;
  for (const auto &[path, process] : processes)
    if (process.readable && isRunning(process.header) && waitsForShared(path, process.header))
      waiting.push_back(path);
  std::vector<TraceFile> open;
  for (const std::string &path : waiting) {
    if (waiting.size() < 2)
      break;
    auto file = TraceFile::open(path);
    if (file)
      open.push_back(std::move(*file));
    else
      llvm::consumeError(file.takeError());
  }
  std::vector<SharedCycle> found = findSharedCycles(open);
  bool fresh = false;
  for (const SharedCycle &cycle : found)
    if (candidates.count(cycle) && std::find(cycles.begin(), cycles.end(), cycle) == cycles.end()) {
      cycles.push_back(cycle);
      fresh = true;
    }
  candidates = std::set<SharedCycle>(found.begin(), found.end());
  return fresh;
}

namespace {

using SharedKey = std::tuple<uint64_t, uint64_t, uint64_t>;

/// A waiting thread, with what it waits for and holds among the process-shared locks.
struct Waiter {
  SlotPlace place;
  SharedKey wants;
  bool shared = false;
  std::vector<std::pair<SharedKey, bool>> holds; // lock, shared
};

void addWaiters(const TraceFile &file, std::vector<Waiter> &waiters) {
  std::map<Ref, SharedKey> keys;
  for (Ref ref : file.all(RecordKind::SharedLock)) {
    const auto *r = file.get<SharedLockRecord>(ref, RecordKind::SharedLock);
    if (r && (r->device || r->inode))
      keys[r->lock] = {r->device, r->inode, r->offset};
  }
  if (keys.empty())
    return;
  for (const WaitSlot &slot : file.waitSlots()) {
    auto wanted = keys.find(slot.object);
    if (slot.tid == 0 || slot.number % 2 == 0 || (slot.flags & kWaitTimed) || wanted == keys.end())
      continue;
    Waiter w;
    w.place = {file.path(), slot.thread, slot.number};
    w.wants = wanted->second;
    w.shared = slot.mode == Mode::Shared;
    size_t steps = 0;
    constexpr size_t kDeepest = 4096;
    for (Ref n = slot.held; n != kNoRef && steps < kDeepest; ++steps) {
      const auto *node = file.get<NodeRecord>(n, RecordKind::Node);
      if (!node)
        break;
      if (auto held = keys.find(node->lock); held != keys.end())
        w.holds.emplace_back(held->second, node->header.flags & kNodeShared);
      n = node->parent;
    }
    waiters.push_back(std::move(w));
  }
}

bool blocks(const Waiter &waiting, const Waiter &holder) {
  return std::any_of(holder.holds.begin(), holder.holds.end(), [&](const auto &held) {
    return held.first == waiting.wants && !(held.second && waiting.shared);
  });
}

/// The cycle with its smallest member first, so that two readings compare equal.
SharedCycle canonical(SharedCycle cycle) {
  std::rotate(cycle.begin(), std::min_element(cycle.begin(), cycle.end()), cycle.end());
  return cycle;
}

} // namespace

std::vector<SharedCycle> findSharedCycles(const std::vector<TraceFile> &files) {
  std::vector<Waiter> waiters;
  for (const TraceFile &file : files)
    addWaiters(file, waiters);
  std::set<SharedCycle> found;
  // Waits form a graph of few edges: from each waiter, a depth-first search back to it.
  std::vector<size_t> path;
  std::vector<bool> visited;
  std::function<bool(size_t, size_t)> search = [&](size_t start, size_t at) {
    visited[at] = true;
    path.push_back(at);
    for (size_t next = 0; next < waiters.size(); ++next) {
      if (!blocks(waiters[at], waiters[next]))
        continue;
      if (next == start || (!visited[next] && search(start, next)))
        return true;
    }
    path.pop_back();
    return false;
  };
  for (size_t start = 0; start < waiters.size(); ++start) {
    path.clear();
    visited.assign(waiters.size(), false);
    if (!search(start, start))
      continue;
    SharedCycle cycle;
    std::set<std::string> spanned;
    for (size_t i : path) {
      cycle.push_back(waiters[i].place);
      spanned.insert(waiters[i].place.path);
    }
    if (spanned.size() > 1)
      found.insert(canonical(std::move(cycle)));
  }
  return {found.begin(), found.end()};
}

} // namespace gordian::trace
