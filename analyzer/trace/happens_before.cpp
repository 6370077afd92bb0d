// SPDX-License-Identifier: MIT
//
// See happens_before.h.
#include "trace/happens_before.h"

#include <algorithm>

namespace gordian::trace {

void HappensBefore::addEdge(Thread thread, const Edge &edge) {
  if (thread >= incoming.size() || edge.peer >= incoming.size() || edge.peer == thread || edge.peerEpoch == 0)
    return;
  incoming[thread].push_back(edge);
  if (edge.monitor != kNoMonitor)
    monitors.push_back(edge.monitor);
}

void HappensBefore::seal() {
  for (std::vector<Edge> &edges : incoming)
    std::stable_sort(edges.begin(), edges.end(),
                     [](const Edge &a, const Edge &b) { return a.epoch < b.epoch; });
  std::sort(monitors.begin(), monitors.end());
  monitors.erase(std::unique(monitors.begin(), monitors.end()), monitors.end());
}

std::vector<HappensBefore::Edge> HappensBefore::edgesUpTo(Thread thread, Epoch epoch) const {
  std::vector<Edge> edges;
  for (const Edge &e : incoming[thread]) {
    if (e.epoch > epoch)
      break;
    edges.push_back(e);
  }
  return edges;
}

// A worklist over threads: reached[t] is the last epoch of t known to lie before, done[t] how many of t's
// incoming edges were followed. Each edge is followed once, so a clock costs at most the number of edges.
HappensBefore::Clock HappensBefore::compute(const Question &q) const {
  std::vector<Thread> work = {q.thread}, touched = {q.thread};
  reached[q.thread] = q.epoch;
  while (!work.empty()) {
    Thread t = work.back();
    work.pop_back();
    const std::vector<Edge> &edges = incoming[t];
    for (; done[t] < edges.size() && edges[done[t]].epoch <= reached[t]; ++done[t]) {
      const Edge &e = edges[done[t]];
      if (e.monitor != kNoMonitor && std::binary_search(q.without.begin(), q.without.end(), e.monitor))
        continue;
      if (e.peerEpoch <= reached[e.peer])
        continue;
      if (reached[e.peer] == 0)
        touched.push_back(e.peer);
      reached[e.peer] = e.peerEpoch;
      work.push_back(e.peer);
    }
  }
  Clock clock;
  for (Thread t : touched) {
    if (t != q.thread)
      clock.emplace_back(t, reached[t]);
    reached[t] = 0;
    done[t] = 0;
  }
  std::sort(clock.begin(), clock.end());
  return clock;
}

HappensBefore::Epoch HappensBefore::before(Thread thread, Epoch epoch, Thread peer,
                                           const std::vector<Lock> &without) const {
  if (thread >= incoming.size())
    return 0;
  // Epochs between two edges share a clock, and only monitors that exist can make a difference.
  const std::vector<Edge> &edges = incoming[thread];
  auto last = std::upper_bound(edges.begin(), edges.end(), epoch,
                               [](Epoch e, const Edge &edge) { return e < edge.epoch; });
  if (last == edges.begin())
    return 0;
  Question q{thread, std::prev(last)->epoch, {}};
  std::set_intersection(without.begin(), without.end(), monitors.begin(), monitors.end(),
                        std::back_inserter(q.without));
  auto it = known.find(q);
  if (it == known.end()) {
    it = known.emplace(q, compute(q)).first;
    knownSize += it->second.size();
    if (knownSize > kKeptEntries) {
      Clock clock = std::move(it->second);
      known.clear();
      knownSize = clock.size();
      it = known.emplace(q, std::move(clock)).first;
    }
  }
  auto at = std::lower_bound(it->second.begin(), it->second.end(), std::pair<Thread, Epoch>(peer, 0));
  return at != it->second.end() && at->first == peer ? at->second : 0;
}

} // namespace gordian::trace
