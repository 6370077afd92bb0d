// SPDX-License-Identifier: MIT
#include "source/link/facts/source_order.h"

#include <algorithm>

namespace gordian::link {

using facts::Concurrency;
using Kind = Root::Kind;

/// Whether `f` starts the thread, or what it calls.
bool SourceOrder::startsBelow(FunctionId f, const Reach &r) const {
  if (r.kind != Kind::Thread)
    return false;
  auto [it, isNew] = below.try_emplace(f);
  if (isNew) {
    std::vector<FunctionId> queue = {f};
    it->second.insert(f);
    for (size_t n = 0; n < queue.size(); ++n)
      for (const auto &[callee, place] : calls[queue[n]].callees)
        if (it->second.insert(callee).second)
          queue.push_back(callee);
  }
  return it->second.count(r.thread.first) != 0;
}

/// For what two threads do to a local variable, where both are known to be of one call of its function.
std::optional<Concurrency> SourceOrder::inOneCall(const FactContext &a, const Reach &x, const FactContext &b,
                                                  const Reach &y) const {
  FunctionId f = a.localOf;
  if (f == kNone || b.localOf != f)
    return std::nullopt;
  auto given = [](bool possible) { return possible ? Concurrency::Proved : Concurrency::No; };
  auto owner = runBy.find(f);
  auto runs = [&](const Reach &r) { return owner != runBy.end() && owner->second.count(r.function); };
  bool first = startsBelow(f, x), second = startsBelow(f, y);
  if (first && second)
    return given(x.thread == y.thread ? x.again : togetherInCall.count(std::minmax(x.thread, y.thread)) != 0);
  if (first && runs(y))
    return given(b.running.count(x.thread) != 0);
  if (second && runs(x))
    return given(a.running.count(y.thread) != 0);
  return std::nullopt;
}

Concurrency SourceOrder::pair(const FactContext &a, const Reach &x, const FactContext &b,
                              const Reach &y) const {
  if (x.kind == Kind::Initialiser || y.kind == Kind::Initialiser)
    return Concurrency::No;
  if (!Programs::share(programs.at(x.function), programs.at(y.function)))
    return Concurrency::No;
  if (std::optional<Concurrency> c = inOneCall(a, x, b, y))
    return *c;
  if (x.kind == Kind::Unused || y.kind == Kind::Unused)
    return Concurrency::Unlikely;
  if (x.kind == Kind::Entry || y.kind == Kind::Entry) {
    // What others call of a program is called on one of its threads, as far as anyone can tell.
    bool beforeThreads =
        (x.kind == Kind::Main && a.running.empty()) || (y.kind == Kind::Main && b.running.empty());
    return beforeThreads && startsThreads ? Concurrency::Unlikely : Concurrency::Yes;
  }
  if (x.kind == Kind::Main && y.kind == Kind::Main)
    return Concurrency::No;
  if (x.kind == Kind::Main)
    return a.running.count(y.thread) ? Concurrency::Proved : Concurrency::No;
  if (y.kind == Kind::Main)
    return b.running.count(x.thread) ? Concurrency::Proved : Concurrency::No;
  if (x.thread == y.thread && x.function != y.function && inTurn.count(x.thread))
    return Concurrency::No;
  if (x.thread == y.thread)
    return x.many ? Concurrency::Proved : Concurrency::No;
  return together.count(std::minmax(x.thread, y.thread)) ? Concurrency::Proved : Concurrency::No;
}

/// The best choice of one root for each, all pairwise concurrent; depth-first, sets of roots are small.
Concurrency SourceOrder::assign(const std::vector<const FactContext *> &all,
                                std::vector<const Reach *> &chosen) const {
  size_t n = chosen.size();
  if (n == all.size()) {
    Concurrency worst = Concurrency::Proved;
    for (size_t i = 0; i < n; ++i)
      for (size_t j = i + 1; j < n; ++j)
        worst = std::min(worst, pair(*all[i], *chosen[i], *all[j], *chosen[j]));
    return worst;
  }
  Concurrency best = Concurrency::No;
  std::vector<const Reach *> bestChoice;
  for (const Reach &r : all[n]->reaches) {
    bool possible = true;
    for (size_t i = 0; i < n && possible; ++i)
      possible = pair(*all[i], *chosen[i], *all[n], r) != Concurrency::No;
    if (!possible)
      continue;
    std::vector<const Reach *> way = chosen;
    way.push_back(&r);
    Concurrency c = assign(all, way);
    if (c > best || bestChoice.empty()) {
      if (c > best)
        best = c;
      if (c != Concurrency::No)
        bestChoice = way;
    }
    if (best == Concurrency::Proved)
      break;
  }
  if (!bestChoice.empty())
    chosen = bestChoice;
  return best;
}

Concurrency SourceOrder::ofTwo(uint32_t a, uint32_t b) const {
  auto [it, isNew] = ofContexts.try_emplace(uint64_t(a) << 32 | b, Concurrency::No);
  if (isNew) {
    std::vector<const Reach *> chosen;
    it->second = assign({&contexts[a], &contexts[b]}, chosen);
  }
  return it->second;
}

Concurrency SourceOrder::concurrent(const std::vector<const facts::Acquire *> &cycle) const {
  if (cycle.size() == 2)
    return ofTwo(cycle[0]->instance, cycle[1]->instance);
  for (size_t i = 0; i < cycle.size(); ++i)
    for (size_t j = i + 1; j < cycle.size(); ++j)
      if (ofTwo(cycle[i]->instance, cycle[j]->instance) == Concurrency::No)
        return Concurrency::No;
  // The best choice does not depend on which comes first.
  std::vector<uint32_t> key;
  for (const facts::Acquire *a : cycle)
    key.push_back(a->instance);
  std::sort(key.begin(), key.end());
  auto [it, isNew] = ofCycles.try_emplace(key, Concurrency::No);
  if (isNew) {
    std::vector<const FactContext *> all;
    for (uint32_t n : key)
      all.push_back(&contexts[n]);
    std::vector<const Reach *> chosen;
    it->second = assign(all, chosen);
  }
  return it->second;
}

Concurrency SourceOrder::concurrent(const facts::Access &a, const facts::Access &b) const {
  return ofTwo(a.context, b.context);
}

/// The shortest chain of calls.
std::vector<gordian::Frame> SourceOrder::path(FunctionId from, FunctionId to) const {
  std::map<FunctionId, std::pair<FunctionId, const Location *>> callers = {{from, {kNone, nullptr}}};
  std::vector<FunctionId> queue = {from};
  for (size_t n = 0; n < queue.size() && !callers.count(to); ++n)
    for (const auto &[callee, place] : calls[queue[n]].callees)
      if (callers.try_emplace(callee, queue[n], &place).second)
        queue.push_back(callee);
  std::vector<gordian::Frame> out;
  for (auto it = callers.find(to); it != callers.end() && it->second.first != kNone;
       it = callers.find(it->second.first))
    out.push_back({calls[it->second.first].name, *it->second.second, {}, 0});
  return out;
}

std::vector<facts::Way> SourceOrder::ways(const facts::Access &a, const facts::Access &b) const {
  std::vector<const Reach *> chosen;
  if (assign({&contexts[a.context], &contexts[b.context]}, chosen) == Concurrency::No || chosen.size() != 2)
    return {};
  auto way = [&](const Reach &r, const facts::Access &x) -> facts::Way {
    std::string start = r.kind == Kind::Thread ? r.name : r.kind == Kind::Main ? "main" : "";
    return {start, path(r.function, x.instance)};
  };
  return {way(*chosen[0], a), way(*chosen[1], b)};
}

std::string SourceOrder::reason(const std::vector<const facts::Acquire *> &cycle) const {
  std::vector<const FactContext *> all;
  for (const facts::Acquire *a : cycle)
    all.push_back(&contexts[a->instance]);
  std::vector<const Reach *> chosen;
  if (assign(all, chosen) == Concurrency::No || chosen.size() != all.size())
    return "";
  std::string out;
  std::vector<std::string> names;
  for (const Reach *r : chosen)
    if (std::find(names.begin(), names.end(), r->name) == names.end())
      names.push_back(r->name);
  for (const std::string &n : names)
    out += (out.empty() ? "" : &n == &names.back() ? " and " : ", ") + n;
  return out + (names.size() == 1 ? " may run in several threads at once" : " may run at the same time");
}

} // namespace gordian::link
