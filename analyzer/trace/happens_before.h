// SPDX-License-Identifier: MIT
//
// Happens-before of a run, from its ordering events.
//
// Each thread has an epoch that moves only at ordering events. An edge (peer, p) -> (thread, e) says: all
// that `peer` did in its epochs <= p happens before all that `thread` does in its epochs >= e. Program order
// and the transitive closure of the edges are happens-before. Vector clocks at every epoch would need threads
// x events words, and 10,000 short threads are ordinary; so one clock is computed when it is asked for, by a
// search backwards from (thread, epoch), and kept.
//
// Edges of monitors (release -> acquire of a mutex that goes with a condition variable) carry the lock:
// whoever asks about a cycle that this lock is part of must not use them, because in the run one of two
// critical sections always came first.
#ifndef GORDIAN_TRACE_HAPPENS_BEFORE_H
#define GORDIAN_TRACE_HAPPENS_BEFORE_H

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace gordian::trace {

class HappensBefore {
public:
  using Thread = uint32_t;
  using Epoch = uint32_t;
  using Lock = uint32_t;
  static constexpr Lock kNoMonitor = ~0u;

  struct Edge {
    Epoch epoch = 0; // in the thread that it enters
    Thread peer = 0;
    Epoch peerEpoch = 0;
    Lock monitor = kNoMonitor;
    /// What the source was doing: an operation that was recorded with the locks held at it; the end of a
    /// thread.
    enum class Source { Unknown, Operation, End } source = Source::Unknown;
  };

  explicit HappensBefore(size_t threads) : incoming(threads), reached(threads, 0), done(threads, 0) {}

  void addEdge(Thread thread, const Edge &edge);
  /// To be called once, after the last addEdge.
  void seal();

  /// The last epoch of `peer` that is over before `thread` begins `epoch` (0: none is), without the monitor
  /// edges of the locks in `without` (sorted).
  Epoch before(Thread thread, Epoch epoch, Thread peer, const std::vector<Lock> &without) const;

  /// All of (thread a, its epochs <= lastA) before (thread b, its epochs >= firstB)?
  bool ordered(Thread a, Epoch lastA, Thread b, Epoch firstB, const std::vector<Lock> &without) const {
    return a == b ? lastA < firstB : before(b, firstB, a, without) >= lastA;
  }

  /// Edges into `thread` with an epoch <= `epoch`.
  std::vector<Edge> edgesUpTo(Thread thread, Epoch epoch) const;
  size_t threads() const { return incoming.size(); }

private:
  using Clock = std::vector<std::pair<Thread, Epoch>>; // sorted by thread, zero epochs left out
  struct Question {
    Thread thread;
    Epoch epoch;
    std::vector<Lock> without;
    auto operator<=>(const Question &) const = default;
  };
  Clock compute(const Question &q) const;

  std::vector<std::vector<Edge>> incoming;           // by thread, sorted by epoch
  std::vector<Lock> monitors;                        // that have edges at all, sorted
  static constexpr size_t kKeptEntries = 16'000'000; // of all clocks kept, together
  mutable std::map<Question, Clock> known;
  mutable size_t knownSize = 0;
  mutable std::vector<Epoch> reached; // of compute, all zero between its calls
  mutable std::vector<size_t> done;
};

} // namespace gordian::trace

#endif
