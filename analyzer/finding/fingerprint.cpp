// SPDX-License-Identifier: MIT
//
// Fingerprints are MD5 (no secret, and the same for ever) over a readable, line-separated text.
#include "finding/fingerprint.h"

#include "finding/rules.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MD5.h"

#include <algorithm>

using namespace gordian;
using llvm::StringRef;

/// The end of a bracketed part that begins at `open`; the size of `s` where it is not closed.
static size_t skipBracket(StringRef s, size_t open) {
  char up = s[open], down = up == '(' ? ')' : '>';
  int depth = 0;
  for (size_t i = open; i < s.size(); ++i) {
    if (s[i] == up)
      ++depth;
    else if (s[i] == down && s[i - 1] != '-' && --depth == 0)
      return i + 1;
  }
  return s.size();
}

/// The length of a lambda's name that begins at `i`, in any compiler's or demangler's spelling: "$_0",
/// "{lambda(int)#1}", "'lambda0'(int)". Its number is no part of a key: a lambda put before it would change
/// it.
static size_t lambdaLength(StringRef s, size_t i) {
  StringRef rest = s.drop_front(i);
  if (rest.starts_with("$_"))
    return 2 + rest.drop_front(2).take_while(llvm::isDigit).size();
  if (rest.starts_with("{lambda"))
    return std::min(rest.size(), rest.find('}') == StringRef::npos ? rest.size() : rest.find('}') + 1);
  if (rest.starts_with("'lambda")) {
    size_t quote = rest.find('\'', 1);
    return quote == StringRef::npos ? rest.size() : quote + 1;
  }
  return 0;
}

/// The length of an operator's name that begins at `i` ("operator()", "operator<<"); 0 where none does.
static size_t operatorLength(StringRef s, size_t i) {
  StringRef rest = s.drop_front(i);
  if (!rest.consume_front("operator") || (!rest.empty() && (llvm::isAlnum(rest[0]) || rest[0] == '_')))
    return 0;
  if (i > 0 && (llvm::isAlnum(s[i - 1]) || s[i - 1] == '_'))
    return 0;
  if (rest.starts_with("()") || rest.starts_with("[]"))
    return 10;
  size_t symbols = rest.find_first_not_of("<>=!+-*/%&|^~,");
  return 8 + (symbols == StringRef::npos ? rest.size() : symbols);
}

std::string gordian::functionKey(StringRef name) {
  name = name.split(" [clone").first;
  name = name.take_until([](char c) { return c == '@'; });
  std::string out;
  for (size_t i = 0; i < name.size();) {
    if (size_t length = operatorLength(name, i)) {
      out += name.substr(i, length);
      i += length;
    } else if (size_t lambda = lambdaLength(name, i)) {
      out += "{lambda}";
      i += lambda;
    } else if (name[i] == '<') {
      i = skipBracket(name, i);
    } else if (name.substr(i).starts_with("(anonymous namespace)")) {
      out += "(anonymous namespace)";
      i += 21;
    } else if (name[i] == '(') {
      i = skipBracket(name, i);
      if (!name.substr(i).starts_with("::")) // "f(int)::{lambda}" goes on, "f(int) const" does not
        break;
    } else if (name[i] == ' ' && !StringRef(out).ends_with("operator")) {
      out.clear(); // what stood before was the return type of a template
      ++i;
    } else {
      out += name[i++];
    }
  }
  return out;
}

bool gordian::isOperation(StepKind kind) {
  return kind != StepKind::Call && kind != StepKind::Spawn && kind != StepKind::Declare;
}

const Step *gordian::primaryStep(const Finding &f) {
  for (const Participant &p : f.participants)
    for (const Step &s : p.steps)
      if (f.location.known() && s.location == f.location && isOperation(s.kind))
        return &s;
  for (const Participant &p : f.participants)
    if (!p.steps.empty())
      return &p.steps.back();
  return nullptr;
}

/// What a participant asks for; where nothing is said to be asked for, its last acquisition stands for that.
static const Step *requestOf(const Participant &p) {
  const Step *request = nullptr, *lastAcquire = nullptr;
  for (const Step &s : p.steps) {
    if (s.kind == StepKind::Request || s.kind == StepKind::Wait || s.kind == StepKind::Join)
      request = &s;
    if (s.kind == StepKind::Acquire)
      lastAcquire = &s;
  }
  return request ? request : lastAcquire;
}

static std::string digest(const std::vector<std::string> &parts) {
  llvm::MD5 md5;
  for (const std::string &part : parts) {
    md5.update(part);
    md5.update(StringRef("\n", 1));
  }
  llvm::MD5::MD5Result r;
  md5.final(r);
  return r.digest().str().lower();
}

static std::string subjectKey(const Finding &f, int subject) {
  if (subject < 0 || size_t(subject) >= f.subjects.size())
    return "";
  const Subject &s = f.subjects[subject];
  return s.key.empty() ? s.name : s.key;
}

/// A race is about its variable: which locks happen to be held at its sites does not make another defect of
/// it.
static std::vector<std::string> identifyingSubjects(const Finding &f) {
  std::vector<std::string> keys;
  if (f.rule == rule::DataRace)
    for (const Participant &p : f.participants)
      for (const Step &s : p.steps)
        if (s.kind == StepKind::Read || s.kind == StepKind::Write)
          keys.push_back(subjectKey(f, s.subject));
  llvm::erase_if(keys, [](const std::string &k) { return k.empty(); });
  if (keys.empty())
    for (size_t i = 0; i < f.subjects.size(); ++i)
      keys.push_back(subjectKey(f, int(i)));
  llvm::sort(keys);
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

std::string gordian::fingerprintOf(const Finding &f) {
  std::vector<std::string> parts = {"gordian/v1", f.rule};
  std::vector<std::string> keys = identifyingSubjects(f);
  parts.insert(parts.end(), keys.begin(), keys.end());
  const Rule *rule = findRule(f.rule);
  if (!rule || rule->identity == Identity::Site || keys.empty()) {
    const Step *s = primaryStep(f);
    parts.push_back("in " + functionKey(s ? s->function : ""));
  }
  return digest(parts);
}

std::string gordian::edgeKeyOf(const Finding &f, const Participant &p) {
  std::vector<std::string> held;
  const Step *request = requestOf(p);
  for (const Step &s : p.steps)
    if (s.kind == StepKind::Acquire && &s != request)
      held.push_back("holds " + subjectKey(f, s.subject));
  if (held.empty() || !request)
    return "";
  llvm::sort(held);
  held.erase(std::unique(held.begin(), held.end()), held.end());
  std::vector<std::string> parts = {"gordian/edge/v1"};
  parts.insert(parts.end(), held.begin(), held.end());
  parts.push_back("asks for " + subjectKey(f, request->subject));
  parts.push_back("in " + functionKey(request->function));
  return digest(parts);
}

void gordian::identify(Finding &f) {
  if (f.fingerprint.empty())
    f.fingerprint = fingerprintOf(f);
  auto add = [&](const std::vector<Participant> &participants) {
    for (const Participant &p : participants)
      if (std::string key = edgeKeyOf(f, p); !key.empty())
        f.edgeKeys.push_back(key);
  };
  add(f.participants);
  for (const auto &alternative : f.alternatives)
    add(alternative);
  llvm::sort(f.edgeKeys);
  f.edgeKeys.erase(std::unique(f.edgeKeys.begin(), f.edgeKeys.end()), f.edgeKeys.end());
}
