// SPDX-License-Identifier: MIT
//
// Random programs that do nothing but lock: a small flat code, its lowered text, and every interleaving of
// it. The explorer is the oracle for everything that is analysed without running it. It knows what POSIX says
// of normal mutexes and of rwlocks that prefer readers, and nothing of the analyser.
#ifndef GORDIAN_TESTCASES_UNIT_LOCK_PROGRAMS_H
#define GORDIAN_TESTCASES_UNIT_LOCK_PROGRAMS_H

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace gordian::test {

enum class Do { Lock, LockShared, Try, Unlock, Branch, Call, Create, Join, Jump, Return };

/// One operation. `what` is a lock, a function or a thread; `next` where control goes, `other` the second way
/// of a branch, or where a failed Try goes.
struct Operation {
  Do kind;
  int what = 0, next = 0, other = 0;
};

/// Function 0 is main; thread t runs function root[t - 1]; thread 0 is main. Lock l is an rwlock if l >=
/// mutexes.
struct LockProgram {
  std::vector<std::vector<Operation>> functions;
  std::vector<int> roots;
  int mutexes = 0, locks = 0;

  std::string lowered() const;
  std::string readable() const; // for messages
};

struct ProgramShape {
  int mutexes = 3, rwlocks = 0, roots = 2, threads = 2, helpers = 2;
  bool tries = false, crossed = false; // crossed: lock a, lock b, unlock a, unlock b
  bool careless = false;               // releases and acquisitions at random places
};

/// Well-formed but for what `careless` allows: helpers call only helpers behind them.
class RandomProgram {
public:
  RandomProgram(unsigned seed, const ProgramShape &s) : random(seed), shape(s) {}

  LockProgram make() {
    program.mutexes = shape.mutexes;
    program.locks = shape.mutexes + shape.rwlocks;
    program.functions.resize(1 + shape.roots + shape.helpers);
    uses.resize(program.functions.size());
    for (int f = static_cast<int>(program.functions.size()) - 1; f > 0; --f) {
      current = f;
      shape.careless ? carelessBody() : block({}, 2);
      emit(Do::Return);
    }
    makeMain();
    return program;
  }

private:
  std::mt19937 random;
  ProgramShape shape;
  LockProgram program;
  std::vector<std::set<int>> uses; // by function: locks it takes, itself or through calls
  int current = 0;

  int below(int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); }
  bool chance(int percent) { return below(100) < percent; }

  int emit(Do kind, int what = 0) {
    std::vector<Operation> &code = program.functions[current];
    int at = static_cast<int>(code.size());
    code.push_back({kind, what, at + 1, at + 1});
    return at;
  }
  Operation &op(int at) { return program.functions[current][at]; }
  int here() const { return static_cast<int>(program.functions[current].size()); }

  int otherThan(const std::set<int> &held) {
    std::vector<int> free;
    for (int l = 0; l < program.locks; ++l)
      if (!held.count(l))
        free.push_back(l);
    return free.empty() ? -1 : free[below(static_cast<int>(free.size()))];
  }

  void take(int lock) {
    uses[current].insert(lock);
    emit(lock >= shape.mutexes && chance(60) ? Do::LockShared : Do::Lock, lock);
  }

  void block(std::set<int> held, int depth) {
    for (int n = 1 + below(2); n > 0; --n)
      statement(held, depth);
  }

  void statement(std::set<int> held, int depth) {
    int lock = otherThan(held);
    int choice = below(10);
    if (choice < 2 && current > shape.roots - 1)
      return callHelper(held);
    if (choice < 4 && depth > 0)
      return branch([&] { block(held, depth - 1); }, [&] { chance(50) ? block(held, depth - 1) : void(); });
    if (lock < 0)
      return;
    std::set<int> inside = held;
    inside.insert(lock);
    if (choice == 4 && shape.tries) {
      uses[current].insert(lock);
      int attempt = emit(Do::Try, lock);
      depth > 0 ? block(inside, depth - 1) : void();
      emit(Do::Unlock, lock);
      op(attempt).other = here();
      return;
    }
    take(lock);
    if (int second = otherThan(inside); choice == 5 && shape.crossed && second >= 0) {
      take(second);
      emit(Do::Unlock, lock);
      inside.erase(lock);
      inside.insert(second);
      depth > 0 ? block(inside, depth - 1) : void();
      emit(Do::Unlock, second);
      return;
    }
    depth > 0 ? block(inside, depth - 1) : void();
    emit(Do::Unlock, lock);
  }

  template <typename Then, typename Else>
  void branch(Then then, Else otherwise) {
    int fork = emit(Do::Branch);
    then();
    int jump = emit(Do::Jump);
    op(fork).other = here();
    otherwise();
    op(jump).next = here();
  }

  void callHelper(const std::set<int> &held) {
    int first = std::max(current + 1, shape.roots + 1);
    if (first >= static_cast<int>(program.functions.size()))
      return;
    int callee = first + below(static_cast<int>(program.functions.size()) - first);
    for (int l : uses[callee])
      if (held.count(l))
        return;
    uses[current].insert(uses[callee].begin(), uses[callee].end());
    emit(Do::Call, callee);
  }

  void carelessBody() {
    for (int n = 2 + below(4); n > 0; --n)
      carelessStatement(2);
  }

  void carelessStatement(int depth) {
    int lock = below(program.locks);
    switch (below(depth > 0 ? 4 : 3)) {
    case 0:
      take(lock);
      return;
    case 1:
      emit(Do::Unlock, lock);
      return;
    case 2:
      return callHelper({});
    default:
      branch([&] { carelessStatement(depth - 1); },
             [&] { chance(50) ? carelessStatement(depth - 1) : void(); });
    }
  }

  void makeMain() {
    current = 0;
    std::vector<int> running;
    for (int t = 1; t <= shape.threads; ++t) {
      if (chance(25) && !shape.careless)
        statement({}, 1);
      program.roots.push_back(1 + below(shape.roots));
      emit(Do::Create, t);
      running.push_back(t);
      if (chance(25)) {
        emit(Do::Join, running.back());
        running.pop_back();
      }
    }
    if (chance(40) && !shape.careless)
      statement({}, 1);
    for (int t : running)
      if (chance(80))
        emit(Do::Join, t);
    if (chance(40) && !shape.careless)
      statement({}, 1);
    emit(Do::Return);
  }
};

inline std::string LockProgram::lowered() const {
  std::string out = "gordian-lowered 1\nunit source=\"/t/random.c\" c\nfile path=\"/t/random.c\"\n"
                    "type 'pthread_mutex_t' kind=class\ntype 'pthread_rwlock_t' kind=class\n";
  auto n = [](int i) { return std::to_string(i); };
  for (int l = 0; l < locks; ++l)
    out += "global @l" + n(l) + " type='pthread_" + (l < mutexes ? "mutex" : "rwlock") +
           "_t' at=" + n(l + 1) + ":1 defined\n";
  for (size_t t = 0; t < roots.size(); ++t)
    out += "global @h" + std::to_string(t + 1) + " type='unsigned long' at=90:1 defined\n";
  for (int f = 0, line = 100; f < static_cast<int>(functions.size()); ++f, line += 100) {
    out += "function @" + (f == 0 ? "main" : "f" + n(f)) + " at=" + n(line) + ":1 defined\n";
    int value = 0;
    for (int at = 0; at < static_cast<int>(functions[f].size()); ++at) {
      const Operation &o = functions[f][at];
      std::string prefix = o.what < mutexes ? "pthread_mutex_" : "pthread_rwlock_";
      std::string where = " at=" + n(line + at + 1) + ":3\n";
      out += "  block b" + n(at) + "\n";
      auto call = [&](const std::string &function) {
        out += "    %" + n(value) + " = addr @l" + n(o.what) + "\n";
        out += "    %" + n(value + 1) + " = call @" + function + "(%" + n(value) + ")" + where;
        value += 2;
      };
      std::string go = "    jump b" + n(o.next) + "\n";
      switch (o.kind) {
      case Do::Lock:
        call(prefix + (o.what < mutexes ? "lock" : "wrlock"));
        break;
      case Do::LockShared:
        call(prefix + "rdlock");
        break;
      case Do::Try:
        call(prefix + (o.what < mutexes ? "trylock" : "trywrlock"));
        go = "    branch %" + n(value - 1) + ", b" + n(o.other) + ", b" + n(o.next) + "\n";
        break;
      case Do::Unlock:
        call(prefix + "unlock");
        break;
      case Do::Branch:
        go = "    branch unknown, b" + n(o.next) + ", b" + n(o.other) + "\n";
        break;
      case Do::Call:
        out += "    call @f" + n(o.what) + "()" + where;
        break;
      case Do::Create:
        out += "    %" + n(value) + " = addr @h" + n(o.what) + "\n    %" + n(value + 1) +
               " = call @pthread_create(%" + n(value) + ", null, @f" + n(roots[o.what - 1]) + ", null)" +
               where;
        value += 2;
        break;
      case Do::Join:
        out += "    %" + n(value) + " = load @h" + n(o.what) + "\n    %" + n(value + 1) +
               " = call @pthread_join(%" + n(value) + ", null)" + where;
        value += 2;
        break;
      case Do::Jump:
        break;
      case Do::Return:
        go = "    return\n";
        break;
      }
      out += go;
    }
  }
  return out;
}

inline std::string LockProgram::readable() const {
  static const char *const words[] = {"lock", "lock-shared", "try",  "unlock", "branch",
                                      "call", "create",      "join", "jump",   "return"};
  std::string out;
  for (size_t f = 0; f < functions.size(); ++f) {
    out += "f" + std::to_string(f) + ":";
    for (size_t at = 0; at < functions[f].size(); ++at) {
      const Operation &o = functions[f][at];
      out +=
          "\n  " + std::to_string(at) + " " + words[static_cast<int>(o.kind)] + " " + std::to_string(o.what);
      if (o.kind == Do::Create)
        out += " of f" + std::to_string(roots[o.what - 1]);
      if (o.next != static_cast<int>(at) + 1 || o.other != static_cast<int>(at) + 1)
        out += " -> " + std::to_string(o.next) + " " + std::to_string(o.other);
    }
    out += "\n";
  }
  return out;
}

/// What some interleaving does. Lock sets of deadlocks, locks of misuses.
struct Behaviour {
  std::set<std::set<int>> deadlocks; // the locks asked for in a cycle of two or more threads
  std::set<int> reacquired, badlyReleased, leaked;
  bool complete = true; // false: too many states

  bool misuse() const { return !reacquired.empty() || !badlyReleased.empty() || !leaked.empty(); }
};

/// Visits every state that some schedule reaches.
class Explorer {
public:
  explicit Explorer(const LockProgram &p) : program(p) {}

  Behaviour explore(size_t limit = 200000) {
    State first;
    first.threads.resize(program.roots.size() + 1);
    first.threads[0].calls = {{0, 0}};
    first.threads[0].started = true;
    std::vector<State> todo = {first};
    std::set<State> seen = {first};
    while (!todo.empty()) {
      State s = std::move(todo.back());
      todo.pop_back();
      for (size_t t = 0; t < s.threads.size(); ++t)
        for (State &next : steps(s, t))
          if (seen.insert(next).second)
            todo.push_back(std::move(next));
      findCycles(s);
      if (seen.size() > limit) {
        behaviour.complete = false;
        break;
      }
    }
    return behaviour;
  }

private:
  struct Thread {
    std::vector<std::pair<int, int>> calls; // function, operation; innermost last
    std::map<int, int> held;                // lock -> 1: exclusive, 2: shared
    bool started = false;
    auto operator<=>(const Thread &) const = default;
  };
  struct State {
    std::vector<Thread> threads;
    auto operator<=>(const State &) const = default;
  };

  const LockProgram &program;
  Behaviour behaviour;

  const Operation *nextOf(const Thread &t) const {
    return t.calls.empty() ? nullptr : &program.functions[t.calls.back().first][t.calls.back().second];
  }

  static bool available(const State &s, size_t thread, int lock, bool shared) {
    for (size_t t = 0; t < s.threads.size(); ++t)
      if (auto it = s.threads[t].held.find(lock); it != s.threads[t].held.end())
        if (t == thread || !(shared && it->second == 2))
          return false;
    return true;
  }

  std::vector<State> steps(const State &s, size_t t) {
    const Operation *o = nextOf(s.threads[t]);
    if (!o || !s.threads[t].started)
      return {};
    std::vector<State> out;
    auto go = [&](int to) -> Thread & {
      out.push_back(s);
      out.back().threads[t].calls.back().second = to;
      return out.back().threads[t];
    };
    bool shared = o->kind == Do::LockShared;
    switch (o->kind) {
    case Do::Lock:
    case Do::LockShared:
      if (s.threads[t].held.count(o->what)) {
        behaviour.reacquired.insert(o->what);
        go(o->next); // as an error-checking mutex would let it
      } else if (available(s, t, o->what, shared))
        go(o->next).held[o->what] = shared ? 2 : 1;
      break;
    case Do::Try:
      if (available(s, t, o->what, false))
        go(o->next).held[o->what] = 1;
      else
        go(o->other);
      break;
    case Do::Unlock:
      if (!s.threads[t].held.count(o->what))
        behaviour.badlyReleased.insert(o->what);
      go(o->next).held.erase(o->what);
      break;
    case Do::Branch:
      go(o->next);
      go(o->other);
      break;
    case Do::Call:
      go(o->next).calls.push_back({o->what, 0});
      break;
    case Do::Create:
      go(o->next);
      out.back().threads[o->what].started = true;
      out.back().threads[o->what].calls = {{program.roots[o->what - 1], 0}};
      break;
    case Do::Join:
      if (s.threads[o->what].calls.empty())
        go(o->next);
      break;
    case Do::Jump:
      go(o->next);
      break;
    case Do::Return:
      go(o->next).calls.pop_back();
      leave(out.back().threads[t]);
      // The process ends with main: what other threads would still do does not happen.
      if (t == 0 && out.back().threads[0].calls.empty())
        for (Thread &other : out.back().threads)
          other = Thread();
      break;
    }
    return out;
  }

  void leave(const Thread &t) {
    if (t.calls.empty())
      for (auto [lock, mode] : t.held)
        behaviour.leaked.insert(lock);
  }

  void findCycles(const State &s) {
    for (size_t t = 0; t < s.threads.size(); ++t)
      follow(s, t, {t}, {});
  }

  void follow(const State &s, size_t t, std::vector<size_t> path, std::set<int> locks) {
    const Operation *o = nextOf(s.threads[t]);
    if (!o || !s.threads[t].started || (o->kind != Do::Lock && o->kind != Do::LockShared))
      return;
    locks.insert(o->what);
    for (size_t holder = 0; holder < s.threads.size(); ++holder) {
      auto it = s.threads[holder].held.find(o->what);
      if (it == s.threads[holder].held.end() || (o->kind == Do::LockShared && it->second == 2) || holder == t)
        continue;
      if (holder == path.front() && locks.size() == path.size())
        behaviour.deadlocks.insert(locks);
      else if (std::find(path.begin(), path.end(), holder) == path.end()) {
        std::vector<size_t> longer = path;
        longer.push_back(holder);
        follow(s, holder, std::move(longer), locks);
      }
    }
  }
};

} // namespace gordian::test

#endif
