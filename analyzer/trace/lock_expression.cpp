// SPDX-License-Identifier: MIT
//
// See lock_expression.h.
#include "trace/lock_expression.h"

#include <cctype>
#include <regex>

namespace gordian::trace {

namespace {

using Match = std::match_results<std::string_view::const_iterator>;

bool search(std::string_view text, Match &match, const std::regex &pattern) {
  return std::regex_search(text.begin(), text.end(), match, pattern);
}

/// `m`, `this->m`, `a.b->c[3]`, `ns::m`: what an access path may look like.
const std::regex &pathPattern() {
  static const std::regex pattern(R"(^[A-Za-z_]\w*(\s*(\.|->|::)\s*[A-Za-z_]\w*|\s*\[[^\]]*\])*$)");
  return pattern;
}

std::string cleaned(std::string expression) {
  std::string out;
  for (char c : expression)
    if (!std::isspace(static_cast<unsigned char>(c)))
      out += c;
  while (!out.empty() && (out[0] == '&' || out[0] == '*' || out[0] == '('))
    out.erase(0, 1);
  while (!out.empty() && out.back() == ')' && out.find('(') == std::string::npos)
    out.pop_back();
  if (out.starts_with("this->"))
    out.erase(0, 6);
  return std::regex_match(out, pathPattern()) ? out : std::string();
}

/// The arguments of the call that opens at `open`, split at top-level commas; nothing where it does not
/// close.
std::vector<std::string> arguments(std::string_view line, size_t open) {
  std::vector<std::string> out(1);
  int depth = 0;
  for (size_t i = open; i < line.size(); ++i) {
    char c = line[i];
    if (c == '(' || c == '{' || c == '[') {
      if (++depth == 1)
        continue;
    } else if (c == ')' || c == '}' || c == ']') {
      if (--depth == 0)
        return out;
    } else if (c == ',' && depth == 1) {
      out.emplace_back();
      continue;
    }
    out.back() += c;
  }
  return {};
}

} // namespace

std::string lockExpression(std::string_view line) {
  line = line.substr(0, line.find("//"));
  Match m;
  // A guard or a C function: Word(..lock..)<..> name(expression ...)
  static const std::regex guard(
      R"(\b(\w*(lock|guard|Lock|Guard|mutex|Mutex|mtx|sem|spin|acquire|enter)\w*)\s*(<[^;()]*>)?\s*(\w+\s*)?[({])");
  for (auto at = line.begin(); at != line.end();) {
    Match found;
    if (!std::regex_search(at, line.end(), found, guard))
      break;
    size_t open = size_t(found[0].second - line.begin()) - 1;
    bool member =
        found[0].first != line.begin() && (*(found[0].first - 1) == '.' || *(found[0].first - 1) == '>');
    std::vector<std::string> parts = arguments(line, open);
    // std::defer_lock and the like may follow; two locks at once are not told apart.
    if (!member && !parts.empty()) {
      std::string first = cleaned(parts[0]);
      bool alone =
          parts.size() == 1 || parts[1].find("_lock") != std::string::npos ||
          std::string_view(&*found[1].first, size_t(found[1].length())).find('_') != std::string_view::npos;
      if (!first.empty() && alone)
        return first;
    }
    at = found[0].second;
  }
  // A member call: expression.lock()
  static const std::regex call(
      R"(([A-Za-z_][\w\s.\[\]>:-]*?)\s*(\.|->)\s*(try_?)?([lL]ock|acquire|Acquire|[rR]d_?[lL]ock|[wW]r_?[lL]ock|unlock|[eE]nter)\w*\s*\()");
  if (search(line, m, call)) {
    std::string text(m[1].first, m[1].second);
    size_t word = text.find_last_of(" \t");
    return cleaned(word == std::string::npos ? text : text.substr(word + 1));
  }
  return "";
}

std::string pythonLockExpression(std::string_view line) {
  line = line.substr(0, line.find('#'));
  Match m;
  static const std::regex path(R"([A-Za-z_][\w.\[\]'"]*)");
  static const std::regex created(
      R"(^\s*([A-Za-z_][\w.\[\]'"]*)\s*(:[^=]*)?=\s*[\w.]*(Lock|Condition|Semaphore|Queue|Event|Barrier)\s*\()");
  if (search(line, m, created))
    return std::string(m[1].first, m[1].second);
  static const std::regex used(
      R"(([A-Za-z_][\w.\[\]'"]*)\s*\.\s*(acquire|release|wait|wait_for|notify|notify_all|__enter__)\s*\()");
  if (search(line, m, used))
    return std::string(m[1].first, m[1].second);
  static const std::regex with(R"(^\s*(async\s+)?with\s+([A-Za-z_][\w.\[\]'"]*)\s*(as\s+\w+\s*)?:)");
  if (search(line, m, with))
    return std::string(m[2].first, m[2].second);
  return "";
}

LockPath splitPath(std::string_view expression) {
  for (size_t i = 0; i < expression.size(); ++i) {
    if (expression[i] == '.')
      return {std::string(expression.substr(0, i)), std::string(expression.substr(i + 1))};
    if (expression.substr(i, 2) == "->")
      return {std::string(expression.substr(0, i)), std::string(expression.substr(i + 2))};
  }
  return {std::string(expression), ""};
}

} // namespace gordian::trace
