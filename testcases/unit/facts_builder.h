// SPDX-License-Identifier: MIT
//
// Facts written by hand, for the tests of facts/ and checks/: locks by letter, one thread context for each
// function unless a test says otherwise, a source line for each step.
//
//   FactsBuilder b;
//   b.take("f", {"a"}, "b");               // f holds a and asks for b
//   b.take("g", {"b"}, "a");
//   b.apart("f", "g");                     // the Order says: never at one time
#ifndef GORDIAN_TESTCASES_UNIT_FACTS_BUILDER_H
#define GORDIAN_TESTCASES_UNIT_FACTS_BUILDER_H

#include "checks/checks.h"

#include <algorithm>
#include <map>
#include <set>

namespace gordian::test {

using namespace facts;

/// Everything runs beside everything, but for pairs that were set. A context runs beside itself unless
/// `single`.
class TestOrder : public Order {
public:
  std::map<std::pair<ContextId, ContextId>, Concurrency> answers;
  std::set<ContextId> single;
  Concurrency otherwise = Concurrency::Yes;
  mutable size_t asked = 0;

  Concurrency pair(ContextId a, ContextId b) const {
    if (a == b && single.count(a))
      return Concurrency::No;
    auto it = answers.find(std::minmax(a, b));
    return it == answers.end() ? otherwise : it->second;
  }
  Concurrency concurrent(const std::vector<const Acquire *> &cycle) const override {
    ++asked;
    Concurrency least = Concurrency::Proved;
    for (size_t i = 0; i < cycle.size(); ++i)
      for (size_t j = i + 1; j < cycle.size(); ++j)
        least = std::min(least, pair(cycle[i]->context, cycle[j]->context));
    return least;
  }
  Concurrency concurrent(const Access &a, const Access &b) const override {
    return pair(a.context, b.context);
  }
  std::string reason(const std::vector<const Acquire *> &) const override {
    return "both are started in main";
  }
};

class FactsBuilder {
public:
  Facts facts;
  std::shared_ptr<TestOrder> order = std::make_shared<TestOrder>();
  unsigned line = 1;

  FactsBuilder() { facts.order = order; }

  LockId lock(const std::string &name, LockKind kind = LockKind::Mutex) {
    auto it = ids.find(name);
    if (it != ids.end())
      return it->second;
    Lock l;
    l.subject = {name, "key:" + name, "std::mutex", {"/src/locks.h", unsigned(ids.size()) + 1, 1}};
    l.kind = kind;
    facts.locks.push_back(l);
    return ids[name] = LockId(facts.locks.size() - 1);
  }
  Lock &lockOf(const std::string &name) { return facts.locks[lock(name)]; }
  ContextId context(const std::string &function) {
    return contexts.try_emplace(function, ContextId(contexts.size())).first->second;
  }
  void apart(const std::string &f, const std::string &g, Concurrency c = Concurrency::No) {
    order->answers[std::minmax(context(f), context(g))] = c;
  }

  std::vector<Step> at(const std::string &function, StepKind kind, LockId lock = kNone) {
    Step s;
    s.kind = kind;
    s.subject = lock == kNone ? -1 : int(lock);
    s.location = {"/src/program.cpp", line++, 3};
    s.function = function;
    return {s};
  }
  /// "a" exclusive, "a:r" shared, "a?" on some paths only, "a:r?" both.
  Held held(const std::string &function, std::string spec) {
    Held h;
    if (spec.back() == '?') {
      h.must = false;
      spec.pop_back();
    }
    h.mode = cutMode(spec);
    h.lock = lock(spec);
    h.acquired = at(function, StepKind::Acquire, h.lock);
    return h;
  }
  std::vector<Held> helds(const std::string &function, const std::vector<std::string> &specs) {
    std::vector<Held> out;
    for (const std::string &s : specs)
      out.push_back(held(function, s));
    return out;
  }
  Acquire &take(const std::string &function, const std::vector<std::string> &held, std::string spec,
                bool blocking = true) {
    Acquire a;
    a.held = helds(function, held);
    a.mode = cutMode(spec);
    a.lock = lock(spec);
    a.blocking = blocking;
    a.witness = at(function, StepKind::Request, a.lock);
    a.function = function;
    a.context = context(function);
    a.instance = uint32_t(facts.acquires.size());
    facts.acquires.push_back(a);
    return facts.acquires.back();
  }

  Reacquire &again(const std::string &function, const std::string &first, std::string spec,
                   Reacquire::Kind kind = Reacquire::Kind::Relock) {
    Reacquire r;
    r.kind = kind;
    r.first = held(function, first);
    r.mode = cutMode(spec);
    r.lock = lock(spec);
    return add(facts.reacquires, r, function, at(function, StepKind::Request, r.lock));
  }
  BadRelease &badRelease(const std::string &function, BadRelease::Kind kind, std::string spec) {
    BadRelease r;
    r.kind = kind;
    r.mode = cutMode(spec);
    r.lock = lock(spec);
    return add(facts.badReleases, r, function, at(function, StepKind::Release, r.lock));
  }
  HeldAtExit &leave(const std::string &function, HeldAtExit::Kind kind, const std::string &spec) {
    HeldAtExit h;
    h.kind = kind;
    h.held = held(function, spec);
    h.exit = at(function, StepKind::Exit);
    h.function = function;
    h.context = context(function);
    facts.heldAtExits.push_back(h);
    return facts.heldAtExits.back();
  }
  Wait &wait(const std::string &function, uint32_t condition, const std::string &mutex,
             const std::vector<std::string> &others = {}) {
    Wait w;
    w.conditionId = condition;
    w.condition = {"cv" + std::to_string(condition),
                   "key:cv" + std::to_string(condition),
                   "std::condition_variable",
                   {}};
    w.mutex = mutex.empty() ? kNone : lock(mutex);
    w.mutexHeld = !mutex.empty();
    w.others = helds(function, others);
    return add(facts.waits, w, function, at(function, StepKind::Wait));
  }
  Notify &notify(const std::string &function, uint32_t condition, const std::vector<std::string> &held = {},
                 const std::vector<std::string> &needed = {}) {
    Notify n;
    n.conditionId = condition;
    n.needed = helds(function, needed);
    n.held = helds(function, held);
    n.witness = at(function, StepKind::Notify);
    n.function = function;
    n.context = context(function);
    facts.notifies.push_back(n);
    return facts.notifies.back();
  }
  Block &block(const std::string &function, Block::Kind kind, const std::vector<std::string> &held) {
    Block k;
    k.kind = kind;
    k.object = {"thing", "key:thing", "", {}};
    k.held = helds(function, held);
    return add(facts.blocks, k, function, at(function, StepKind::Wait));
  }
  /// What the awaited side of the last block acquires.
  void awaited(const std::string &function, const std::string &spec, bool blocking = true) {
    Acquire a = take(function, {}, spec, blocking);
    facts.acquires.pop_back();
    facts.blocks.back().awaited.push_back(a);
  }
  uint32_t variable(const std::string &name) {
    auto it = variables.find(name);
    if (it != variables.end())
      return it->second;
    facts.variables.push_back(
        {{name, "key:" + name, "int", {"/src/vars.h", unsigned(variables.size()) + 1, 1}}, false, ""});
    return variables[name] = uint32_t(facts.variables.size() - 1);
  }
  Access &access(const std::string &function, bool write, const std::string &name,
                 const std::vector<std::string> &held = {}) {
    Access a;
    a.variable = variable(name);
    a.write = write;
    a.held = helds(function, held);
    return add(facts.accesses, a, function, at(function, write ? StepKind::Write : StepKind::Read));
  }
  Access &read(const std::string &function, const std::string &name,
               const std::vector<std::string> &held = {}) {
    return access(function, false, name, held);
  }
  Access &write(const std::string &function, const std::string &name,
                const std::vector<std::string> &held = {}) {
    return access(function, true, name, held);
  }

  /// The findings of one rule.
  std::vector<Finding> findings(const std::string &rule, const checks::CheckOptions &options = {}) const {
    std::vector<Finding> out;
    for (Finding &f : checks::runChecks(facts, options))
      if (f.rule == rule)
        out.push_back(std::move(f));
    return out;
  }

private:
  template <typename Fact>
  Fact &add(std::vector<Fact> &list, Fact f, const std::string &function, std::vector<Step> witness) {
    f.witness = std::move(witness);
    f.function = function;
    f.context = context(function);
    list.push_back(std::move(f));
    return list.back();
  }
  static Mode cutMode(std::string &spec) {
    if (spec.size() > 2 && spec.ends_with(":r")) {
      spec.resize(spec.size() - 2);
      return Mode::Shared;
    }
    return Mode::Exclusive;
  }
  std::map<std::string, LockId> ids;
  std::map<std::string, ContextId> contexts;
  std::map<std::string, uint32_t> variables;
};

} // namespace gordian::test

#endif
