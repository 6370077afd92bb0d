// SPDX-License-Identifier: MIT
#include "facts/cycles.h"

#include "facts/feasible.h"
#include "facts/lock_graph.h"

#include <algorithm>
#include <limits>
#include <queue>
#include <set>

namespace gordian::facts {

double Cycle::rank() const {
  double r = 1;
  for (const Factor &f : factors)
    r *= f.weight;
  return r;
}

std::vector<const Acquire *> Cycle::acquires() const {
  std::vector<const Acquire *> all;
  for (const Member &m : members)
    all.push_back(m.acquire);
  for (const Acquire *w : queuedWriters)
    if (w)
      all.push_back(w);
  return all;
}

namespace {

bool better(const Cycle &a, const Cycle &b) {
  if (a.concurrency != b.concurrency)
    return a.concurrency > b.concurrency;
  return a.rank() > b.rank();
}

/// The depth-first search for one ring of members. Two uses: through any locks of the component back to the
/// start, and along given bundles with one member fixed (alternatives).
class RingSearch {
public:
  RingSearch(const Facts &f, const LockGraph &g, Judge &j)
      : facts(f), graph(g), judge(j), onPath(g.size(), false), heldBy(f.locks.size()) {}

  /// A ring of `length` members through bundle `first`; distance[n]: shortest way from n back to its start.
  std::optional<Cycle> through(uint32_t first, size_t length, const std::vector<uint32_t> &distance,
                               size_t &budget);
  /// A ring along these bundles with `fixed` at position `at`.
  std::optional<Cycle> along(const std::vector<uint32_t> &bundles, size_t at, const Member *fixed,
                             size_t budget);

  std::vector<uint32_t> bundlePath; // of the ring found last
  bool deeper = false;              // some path was cut because it was longer than asked for

private:
  bool fits(const Member &m) const;
  void push(const Member &m, uint32_t bundle);
  void pop();
  bool tryBundle(uint32_t bundle, size_t remaining);
  bool extend(uint32_t node, size_t remaining);
  bool close();

  struct Holders {
    unsigned exclusive = 0, shared = 0;
  };
  void count(const Member &m, int by);

  const Facts &facts;
  const LockGraph &graph;
  Judge &judge;
  std::vector<bool> onPath;
  std::vector<Holders> heldBy; // by LockId: members of the path that hold it for sure
  std::vector<Member> path;
  std::vector<uint32_t> pathBundles;
  uint32_t start = 0;
  const std::vector<uint32_t> *distance = nullptr; // null: along `route`
  const std::vector<uint32_t> *route = nullptr;
  size_t fixedAt = 0;
  const Member *fixed = nullptr;
  size_t *budget = nullptr;
  std::optional<Cycle> found; // Yes or better ends the search; Unlikely is kept until then
};

/// Could this member stand beside those on the path? The cheap part of the judgement, done at every step.
bool RingSearch::fits(const Member &m) const {
  if (!path.empty()) {
    if (hop(facts.locks[m.from()], m.held().mode, path.back().acquire->mode) == Hop::Never)
      return false;
    for (const Member &other : path)
      if (judge.apart(other.acquire, m.acquire))
        return false;
  }
  for (size_t h = 0; h < m.acquire->held.size(); ++h) {
    const Held &held = m.acquire->held[h];
    if (facts.locks[held.lock].manyInstances || !(held.must || h == m.source))
      continue;
    const Holders &holders = heldBy[held.lock];
    if (holders.exclusive || (holders.shared && held.mode == Mode::Exclusive))
      return false;
  }
  return true;
}

void RingSearch::count(const Member &m, int by) {
  for (size_t h = 0; h < m.acquire->held.size(); ++h) {
    const Held &held = m.acquire->held[h];
    if (held.must || h == m.source)
      (held.mode == Mode::Exclusive ? heldBy[held.lock].exclusive : heldBy[held.lock].shared) += by;
  }
}

void RingSearch::push(const Member &m, uint32_t bundle) {
  path.push_back(m);
  pathBundles.push_back(bundle);
  count(m, 1);
}

void RingSearch::pop() {
  count(path.back(), -1);
  path.pop_back();
  pathBundles.pop_back();
}

bool RingSearch::close() {
  std::optional<Cycle> cycle = judge.judge(path);
  if (!cycle || (found && !better(*cycle, *found)))
    return false;
  found = std::move(cycle);
  bundlePath = pathBundles;
  return found->concurrency >= Concurrency::Yes;
}

/// Tries each member of a bundle as the next; `remaining` more are needed after it.
bool RingSearch::tryBundle(uint32_t bundle, size_t remaining) {
  const LockGraph::Bundle &b = graph.bundles()[bundle];
  bool fixedHere = fixed && path.size() == fixedAt;
  size_t choices = fixedHere ? 1 : b.members.size();
  for (size_t i = 0; i < choices; ++i) {
    const Member &m = fixedHere ? *fixed : b.members[i];
    if (*budget == 0)
      return false;
    --*budget;
    if (!fits(m))
      continue;
    if (distance && (*distance)[b.to] > remaining) {
      deeper = true;
      return false;
    }
    push(m, bundle);
    bool done = remaining == 0 ? close() : extend(b.to, remaining);
    pop();
    if (done)
      return true;
  }
  return false;
}

bool RingSearch::extend(uint32_t node, size_t remaining) {
  if (route)
    return tryBundle((*route)[path.size()], remaining - 1);
  onPath[node] = true;
  bool done = false;
  for (uint32_t bundle : graph.out(node)) {
    uint32_t to = graph.bundles()[bundle].to;
    if (graph.component(to) != graph.component(start) || (to != start && onPath[to]))
      continue;
    if (to == start && remaining != 1)
      continue; // a shorter ring, tried before
    if (tryBundle(bundle, remaining - 1)) {
      done = true;
      break;
    }
  }
  onPath[node] = false;
  return done;
}

std::optional<Cycle> RingSearch::through(uint32_t first, size_t length, const std::vector<uint32_t> &dist,
                                         size_t &steps) {
  start = graph.bundles()[first].from;
  distance = &dist;
  route = nullptr;
  fixed = nullptr;
  budget = &steps;
  deeper = false;
  found.reset();
  onPath[start] = true;
  tryBundle(first, length - 1);
  onPath[start] = false;
  return std::move(found);
}

std::optional<Cycle> RingSearch::along(const std::vector<uint32_t> &bundles, size_t at, const Member *member,
                                       size_t steps) {
  distance = nullptr;
  route = &bundles;
  fixed = member;
  fixedAt = at;
  budget = &steps;
  found.reset();
  tryBundle(bundles.front(), bundles.size() - 1);
  return std::move(found);
}

/// The whole search over all components.
class Finder {
public:
  Finder(const Facts &f, const CycleLimits &l)
      : facts(f), limits(l), graph(f), judge(f, graph), rings(f, graph, judge), steps(l.steps),
        covered(graph.bundles().size(), false) {}
  CycleSearch run();

private:
  static constexpr uint32_t kFar = std::numeric_limits<uint32_t>::max();

  void selfRing(uint32_t bundle);
  void search();
  void distancesTo(uint32_t node);
  void add(Cycle cycle, const std::vector<uint32_t> &bundles);
  void addAlternatives(LockCycle &result, const std::vector<uint32_t> &bundles);

  const Facts &facts;
  const CycleLimits &limits;
  LockGraph graph;
  Judge judge;
  RingSearch rings;
  size_t steps;
  std::vector<bool> covered;      // bundles that a found cycle goes through
  std::vector<uint32_t> distance; // to `distanceFor`
  uint32_t distanceFor = kFar;
  CycleSearch result;
};

/// Breadth-first, backwards, inside the component, as far as cycles may reach.
void Finder::distancesTo(uint32_t node) {
  if (distanceFor == node)
    return;
  distanceFor = node;
  distance.assign(graph.size(), kFar);
  distance[node] = 0;
  std::vector<uint32_t> queue = {node};
  for (size_t i = 0; i < queue.size(); ++i) {
    if (distance[queue[i]] >= limits.length)
      break;
    for (uint32_t bundle : graph.in(queue[i])) {
      uint32_t from = graph.bundles()[bundle].from;
      if (distance[from] == kFar && graph.component(from) == graph.component(node)) {
        distance[from] = distance[queue[i]] + 1;
        queue.push_back(from);
      }
    }
  }
}

void Finder::add(Cycle cycle, const std::vector<uint32_t> &bundles) {
  LockCycle found;
  for (const Member &m : cycle.members)
    found.locks.push_back(m.from());
  for (uint32_t b : bundles)
    covered[b] = true;
  found.best = std::move(cycle);
  addAlternatives(found, bundles);
  found.best.reason = facts.order->reason(found.best.acquires());
  for (Cycle &a : found.alternatives)
    a.reason = facts.order->reason(a.acquires());
  result.cycles.push_back(std::move(found));
}

/// What a reader can tell apart: where the first lock was taken and where the second is asked for.
static std::pair<Location, Location> site(const Member &m) {
  auto last = [](const std::vector<Step> &steps) {
    return steps.empty() ? Location() : steps.back().location;
  };
  return {last(m.held().acquired), last(m.acquire->witness)};
}

void Finder::addAlternatives(LockCycle &cycle, const std::vector<uint32_t> &bundles) {
  constexpr size_t stepsEach = 2000;
  std::vector<Cycle> others;
  size_t tried = 0;
  const std::vector<Member> primary = cycle.best.members;
  for (size_t i = 0; i < bundles.size(); ++i) {
    std::set<std::pair<Location, Location>> seen = {site(primary[i])};
    for (const Member &m : graph.bundles()[bundles[i]].members) {
      if (seen.count(site(m)))
        continue;
      if (++tried > limits.alternativesTried)
        break;
      std::vector<Member> members = primary;
      members[i] = m;
      std::optional<Cycle> other = judge.judge(members);
      if (!other)
        other = rings.along(bundles, i, &m, stepsEach);
      if (!other)
        continue;
      seen.insert(site(m));
      bool known = std::any_of(others.begin(), others.end(),
                               [&](const Cycle &c) { return c.members == other->members; });
      if (!known)
        others.push_back(std::move(*other));
    }
  }
  for (Cycle &other : others)
    if (better(other, cycle.best))
      std::swap(other, cycle.best);
  std::erase_if(others, [&](const Cycle &c) { // a hint is no further site of something real
    return c.concurrency == Concurrency::Unlikely && cycle.best.concurrency != Concurrency::Unlikely;
  });
  cycle.alternativesTotal = others.size();
  std::stable_sort(others.begin(), others.end(), better);
  if (others.size() > limits.alternatives)
    others.resize(limits.alternatives);
  cycle.alternatives = std::move(others);
}

void Finder::selfRing(uint32_t bundle) {
  size_t budget = std::min(limits.stepsPerEdge, steps);
  std::vector<uint32_t> bundles = {bundle, bundle};
  if (std::optional<Cycle> c = rings.along(bundles, 0, nullptr, budget))
    add(std::move(*c), bundles);
}

void Finder::search() {
  struct Task {
    size_t length;
    uint32_t bundle;
    bool operator>(const Task &o) const { return std::tie(length, bundle) > std::tie(o.length, o.bundle); }
  };
  std::vector<uint32_t> componentSize(graph.size(), 0);
  for (uint32_t n = 0; n < graph.size(); ++n)
    ++componentSize[graph.component(n)];
  std::priority_queue<Task, std::vector<Task>, std::greater<>> tasks;
  size_t inComponents = 0;
  for (uint32_t b = 0; b < graph.bundles().size(); ++b) {
    const LockGraph::Bundle &bundle = graph.bundles()[b];
    if (bundle.from == bundle.to || graph.component(bundle.from) != graph.component(bundle.to))
      continue;
    distancesTo(bundle.from);
    ++inComponents;
    if (distance[bundle.to] < limits.length)
      tasks.push({distance[bundle.to] + 1, b});
    else
      ++result.unexamined;
  }
  std::vector<size_t> budgets(graph.bundles().size(), limits.stepsPerEdge);
  std::vector<std::optional<std::pair<Cycle, std::vector<uint32_t>>>> hints(graph.bundles().size());
  while (!tasks.empty()) {
    auto [length, b] = tasks.top();
    tasks.pop();
    if (covered[b])
      continue;
    const LockGraph::Bundle &bundle = graph.bundles()[b];
    distancesTo(bundle.from);
    size_t budget = std::min(budgets[b], steps), given = budget;
    std::optional<Cycle> cycle = rings.through(b, length, distance, budget);
    steps -= given - budget;
    budgets[b] -= given - budget;
    if (cycle && cycle->concurrency != Concurrency::Unlikely)
      add(std::move(*cycle), rings.bundlePath);
    else if (cycle && !hints[b])
      hints[b].emplace(std::move(*cycle), rings.bundlePath);
    if (covered[b])
      continue;
    if (budget == 0)
      ++result.unexamined;
    else if (rings.deeper &&
             length < std::min<size_t>(limits.length, componentSize[graph.component(bundle.from)]))
      tasks.push({length + 1, b});
  }
  for (uint32_t b = 0; b < hints.size(); ++b)
    if (hints[b] && !covered[b])
      add(std::move(hints[b]->first), hints[b]->second);
}

CycleSearch Finder::run() {
  for (uint32_t b = 0; b < graph.bundles().size(); ++b)
    if (graph.bundles()[b].from == graph.bundles()[b].to)
      selfRing(b);
  search();
  return std::move(result);
}

} // namespace

CycleSearch findCycles(const Facts &facts, const CycleLimits &limits) {
  return Finder(facts, limits).run();
}

} // namespace gordian::facts
