// SPDX-License-Identifier: MIT
//
// The suppressions file is parsed by hand, word by word: every mistake in it can then be told in its own
// words.
#include "finding/suppressions.h"

#include "finding/fingerprint.h"
#include "finding/rules.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace gordian;
using llvm::StringRef;

// Matching --------------------------------------------------------------------------------------------------

/// Calls `f` for each function and path that the finding names, until it returns true.
template <typename Predicate>
static bool anyPlace(const Finding &f, Predicate predicate) {
  auto inStep = [&](const Step &s) {
    return predicate(s.function, s.location.file) || llvm::any_of(s.stack, [&](const Frame &frame) {
             return predicate(frame.function, frame.location.file);
           });
  };
  auto inParticipants = [&](const std::vector<Participant> &participants) {
    return llvm::any_of(participants, [&](const Participant &p) { return llvm::any_of(p.steps, inStep); });
  };
  return predicate("", f.location.file) || inParticipants(f.participants) ||
         llvm::any_of(f.alternatives, inParticipants) || llvm::any_of(f.related, inStep);
}

bool SuppressionRule::matches(const Finding &f) const {
  if (!rule.match(f.rule) || (!fingerprint.empty() && fingerprint != f.fingerprint))
    return false;
  auto namesLock = [&](const Glob &g) {
    return llvm::any_of(f.subjects, [&](const Subject &s) { return g.match(s.name) || g.match(s.key); });
  };
  auto namesFunction = [&](const Glob &g) {
    return anyPlace(f, [&](StringRef function, StringRef) {
      return !function.empty() && (g.match(function) || g.match(functionKey(function)));
    });
  };
  auto namesPath = [&](const Glob &g) {
    return anyPlace(f, [&](StringRef, StringRef path) { return !path.empty() && g.match(path); });
  };
  return llvm::all_of(locks, namesLock) && llvm::all_of(functions, namesFunction) &&
         llvm::all_of(paths, namesPath);
}

void gordian::suppress(std::vector<Finding> &findings, std::vector<SuppressionRule> &rules) {
  for (Finding &f : findings)
    for (SuppressionRule &r : rules)
      if (r.matches(f)) {
        f.suppressions.push_back({"external", r.reason.empty() ? "suppressed by: " + r.text : r.reason});
        ++r.used;
        break;
      }
}

// The file --------------------------------------------------------------------------------------------------

/// Takes the next word off `line`; `name="some words"` is one word, without its quotes.
static std::optional<std::string> takeWord(StringRef &line) {
  std::string word;
  bool quoted = false;
  for (size_t i = 0;; ++i) {
    bool end = i == line.size();
    if (end && quoted)
      return std::nullopt;
    if (end || (!quoted && llvm::isSpace(line[i]))) {
      line = line.drop_front(i).ltrim();
      return word;
    }
    if (line[i] == '"')
      quoted = !quoted;
    else
      word += line[i];
  }
}

static llvm::Error checkRule(StringRef rule) {
  if (rule.find_first_of("*?[{") != StringRef::npos || findRule(rule))
    return llvm::Error::success();
  const Rule *near = nearestRule(rule);
  std::string hint = near ? std::string(" (did you mean ") + near->id + "?)" : "";
  return llvm::createStringError("no rule '" + rule + "'" + hint + "; `gordian rules` lists them");
}

static llvm::Error addCondition(SuppressionRule &r, StringRef word) {
  auto [name, value] = word.split('=');
  if (value.empty())
    return llvm::createStringError(
        "'" + word + "' is no condition; expected lock=, function=, path= or fingerprint= and a value");
  if (name == "fingerprint") {
    r.fingerprint = value;
    return llvm::Error::success();
  }
  std::vector<Glob> *list = llvm::StringSwitch<std::vector<Glob> *>(name)
                                .Case("lock", &r.locks)
                                .Case("function", &r.functions)
                                .Case("path", &r.paths)
                                .Default(nullptr);
  if (!list)
    return llvm::createStringError("unknown condition '" + name +
                                   "'; there are lock=, function=, path=, fingerprint=");
  llvm::Expected<Glob> glob = list == &r.paths ? Glob::createForPath(value) : Glob::create(value);
  if (!glob)
    return glob.takeError();
  list->push_back(std::move(*glob));
  return llvm::Error::success();
}

static llvm::Expected<SuppressionRule> parseLine(StringRef line) {
  SuppressionRule r;
  r.text = line;
  std::optional<std::string> rule = takeWord(line);
  if (!rule)
    return llvm::createStringError("a quote is not closed");
  if (llvm::Error e = checkRule(*rule))
    return e;
  llvm::Expected<Glob> glob = Glob::create(*rule);
  if (!glob)
    return glob.takeError();
  r.rule = std::move(*glob);
  while (!line.empty()) {
    if (line.consume_front("#")) {
      r.reason = line.trim().str();
      break;
    }
    std::optional<std::string> word = takeWord(line);
    if (!word)
      return llvm::createStringError("a quote is not closed");
    if (llvm::Error e = addCondition(r, *word))
      return e;
  }
  if (*rule == "*" && r.locks.empty() && r.functions.empty() && r.paths.empty() && r.fingerprint.empty())
    return llvm::createStringError(
        "this would suppress everything; add a condition (lock=, function=, path=)");
  return r;
}

llvm::Expected<std::vector<SuppressionRule>> gordian::parseSuppressions(StringRef text, StringRef file) {
  std::vector<SuppressionRule> rules;
  text.consume_front("\xef\xbb\xbf");
  for (unsigned number = 1; !text.empty(); ++number) {
    StringRef line;
    std::tie(line, text) = text.split('\n');
    line = line.trim();
    if (line.empty() || line.starts_with("#"))
      continue;
    llvm::Expected<SuppressionRule> r = parseLine(line);
    if (!r)
      return llvm::createStringError(file + ":" + llvm::Twine(number) + ": " + llvm::toString(r.takeError()));
    r->file = file;
    r->line = number;
    rules.push_back(std::move(*r));
  }
  return rules;
}

llvm::Expected<std::vector<SuppressionRule>> gordian::readSuppressions(StringRef file) {
  auto buffer = llvm::MemoryBuffer::getFile(file, /*IsText=*/true);
  if (!buffer)
    return llvm::createStringError("cannot read suppressions " + file + ": " + buffer.getError().message());
  return parseSuppressions((*buffer)->getBuffer(), file);
}

// Comments in the source ------------------------------------------------------------------------------------

/// The reason, where `line` allows `rule`.
static std::optional<StringRef> allowedBy(StringRef line, StringRef rule) {
  size_t at = line.find("gordian: allow(");
  if (at == StringRef::npos || line.substr(0, at).find_first_of("/#*") == StringRef::npos)
    return std::nullopt;
  auto [names, reason] = line.drop_front(at + 15).split(')');
  llvm::SmallVector<StringRef, 4> list;
  names.split(list, ',');
  if (llvm::none_of(list, [&](StringRef name) { return name.trim() == rule || name.trim() == "*"; }))
    return std::nullopt;
  reason = reason.trim();
  reason.consume_back("*/");
  return reason.ltrim(":- ").trim();
}

static std::optional<StringRef> allowedAt(const Location &at, StringRef rule, const SourceLine &sourceLine) {
  if (!at.known())
    return std::nullopt;
  if (auto line = sourceLine(at.file, at.line))
    if (auto reason = allowedBy(*line, rule))
      return reason;
  if (at.line < 2)
    return std::nullopt;
  // Of the line above only a comment of its own counts: one behind code speaks of that code.
  auto above = sourceLine(at.file, at.line - 1);
  if (!above || above->ltrim().find_first_of("/#*") != 0)
    return std::nullopt;
  return allowedBy(*above, rule);
}

static std::optional<StringRef> allowedAnywhere(const Finding &f, const SourceLine &sourceLine) {
  if (auto reason = allowedAt(f.location, f.rule, sourceLine))
    return reason;
  for (const Participant &p : f.participants)
    for (const Step &s : p.steps)
      if (isOperation(s.kind))
        if (auto reason = allowedAt(s.location, f.rule, sourceLine))
          return reason;
  return std::nullopt;
}

void gordian::suppressInSource(std::vector<Finding> &findings, const SourceLine &sourceLine) {
  for (Finding &f : findings)
    if (auto reason = allowedAnywhere(f, sourceLine))
      f.suppressions.push_back(
          {"inSource", reason->empty() ? "allowed by a comment in the source" : reason->str()});
}
