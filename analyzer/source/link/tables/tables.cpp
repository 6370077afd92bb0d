// SPDX-License-Identifier: MIT
#include "source/link/tables/tables.h"

#include <array>

namespace gordian::link {

using facts::LockKind;

static std::vector<Row> builtinRows() {
#define ROW(PATTERN, EFFECT, ...)                                                                            \
  Row{.pattern = PATTERN, .effect = Effect::EFFECT __VA_OPT__(, ) __VA_ARGS__},
  return {
#include "source/link/tables/c_functions.def"
#define ROW(PATTERN, EFFECT, ...)                                                                            \
  Row{.pattern = PATTERN, .effect = Effect::EFFECT __VA_OPT__(, ) __VA_ARGS__},
#include "source/link/tables/cpp_locks.def"
#define ROW(PATTERN, EFFECT, ...)                                                                            \
  Row{.pattern = PATTERN, .effect = Effect::EFFECT __VA_OPT__(, ) __VA_ARGS__},
#include "source/link/tables/cpp_threads.def"
#define ROW(PATTERN, EFFECT, ...)                                                                            \
  Row{.pattern = PATTERN, .effect = Effect::EFFECT __VA_OPT__(, ) __VA_ARGS__},
#include "source/link/tables/cpp_values.def"
  };
}

Tables::Tables(std::vector<Row> userRows) : rows(std::move(userRows)) {
  std::vector<Row> builtin = builtinRows();
  rows.insert(rows.end(), std::make_move_iterator(builtin.begin()), std::make_move_iterator(builtin.end()));
  for (const Row &r : rows)
    byPattern[r.pattern].push_back(&r);
}

std::string publicName(std::string_view pattern) {
  static constexpr std::array inlineNamespaces = {std::string_view("_V2::"), std::string_view("__cxx11::"),
                                                  std::string_view("__1::"), std::string_view("__ndk1::"),
                                                  std::string_view("lts_")};
  std::string name(pattern);
  for (std::string_view part : inlineNamespaces)
    for (size_t at; (at = name.find("::" + std::string(part))) != std::string::npos;) {
      // "lts_20230802::": the number belongs to the name.
      size_t end = name.find("::", at + 2);
      name.erase(at + 2, end - at);
    }
  return name;
}

static bool fits(const Row &r, const ir::Unit &unit, const ir::Function &f) {
  int parameters = static_cast<int>(f.params.size());
  // A function that was only called and never declared (hand-written programs) says nothing about its
  // parameters.
  bool known = parameters > 0 || f.defined;
  if (r.arity >= 0 && known && parameters != r.arity)
    return false;
  if (!r.nameHas.empty() && f.name.find(r.nameHas) == std::string::npos)
    return false;
  if (r.tagAt < 0)
    return true;
  if (r.tagAt >= parameters || f.params[r.tagAt].type == ir::kNone)
    return false;
  return unit.types[f.params[r.tagAt].type].name.find(r.tag) != std::string::npos;
}

const Row *Tables::findByName(std::string_view pattern) const {
  auto it = byPattern.find(pattern);
  if (it == byPattern.end() && pattern.find("::") != std::string_view::npos)
    it = byPattern.find(publicName(pattern));
  return it == byPattern.end() ? nullptr : it->second.front();
}

const Row *Tables::find(const ir::Unit &unit, const ir::Function &f) const {
  if (f.pattern.empty())
    return nullptr;
  auto it = byPattern.find(f.pattern);
  if (it == byPattern.end() && f.pattern.find("::") != std::string::npos)
    it = byPattern.find(publicName(f.pattern));
  if (it == byPattern.end())
    return nullptr;
  for (const Row *r : it->second)
    if (fits(*r, unit, f))
      return r;
  return nullptr;
}

static constexpr std::string_view kEffectNames[] = {
    "acquire",        "release",      "init",         "destroy",      "kind",           "acquire-all",
    "once",           "guard",        "guard-adopt",  "guard-defer",  "guard-try",      "guard-empty",
    "guard-destroy",  "guard-lock",   "guard-unlock", "guard-forget", "guard-owns",     "guard-lock-of",
    "guard-move",     "guard-swap",   "wait",         "notify",       "semaphore-init", "semaphore-wait",
    "semaphore-post", "barrier-wait", "latch-wait",   "latch-count",  "future-wait",    "promise-set",
    "promise-future", "spawn-into",   "spawn",        "spawn-future", "join",           "join-elements",
    "detach",         "thread-exit",  "long-jump",    "set-jump",     "thread-move",    "thread-swap",
    "thread-self",    "handler",      "invoke",       "call-object",  "keep-callable",  "bind-callable",
    "pass-through",   "owner-get",    "owner-set",    "owner-move",   "owner-make",     "owner-test",
    "element",        "swap-values",  "exchange",     "min-max",      "less-than",      "equals",
    "atomic-load",    "atomic-store", "nothing"};
static_assert(std::size(kEffectNames) == static_cast<size_t>(Effect::Nothing) + 1);

std::string_view nameOf(Effect e) {
  return kEffectNames[static_cast<size_t>(e)];
}

} // namespace gordian::link
