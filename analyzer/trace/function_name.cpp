// SPDX-License-Identifier: MIT
//
// See function_name.h. One pass over the text with a nesting depth; `operator` names are stepped over as a
// whole, since their spelling contains the characters that nest.
#include "trace/function_name.h"

#include <cctype>

namespace gordian::trace {

namespace {

bool startsAt(std::string_view s, size_t at, std::string_view word) {
  return s.substr(at, word.size()) == word;
}

/// Length of an operator's spelling at `at` (`operator()`, `operator<<`, `operator new[]`), 0 where there is
/// none.
size_t operatorLength(std::string_view s, size_t at) {
  constexpr std::string_view kWord = "operator";
  if (!startsAt(s, at, kWord) ||
      (at > 0 && (std::isalnum(static_cast<unsigned char>(s[at - 1])) || s[at - 1] == '_')))
    return 0;
  size_t end = at + kWord.size();
  if (end < s.size() && (std::isalnum(static_cast<unsigned char>(s[end])) || s[end] == '_'))
    return 0;
  if (startsAt(s, end, "()"))
    return end + 2 - at;
  if (end < s.size() && s[end] == ' ') { // conversion, new, delete: up to the parameter list
    size_t paren = s.find('(', end);
    return (paren == std::string_view::npos ? s.size() : paren) - at;
  }
  while (end < s.size() && std::string_view("<>=!+-*/%^&|~,[]").find(s[end]) != std::string_view::npos)
    ++end;
  return end - at;
}

/// Skips a balanced group that starts at `at` with ( < { or [; returns the index behind it.
size_t skipGroup(std::string_view s, size_t at) {
  int depth = 0;
  for (size_t i = at; i < s.size(); ++i) {
    if (size_t op = operatorLength(s, i)) {
      i += op - 1;
      continue;
    }
    char c = s[i];
    if (c == '(' || c == '<' || c == '{' || c == '[')
      ++depth;
    else if (c == ')' || c == '}' || c == ']' || (c == '>' && (i == 0 || s[i - 1] != '-')))
      if (--depth == 0)
        return i + 1;
  }
  return s.size();
}

constexpr std::string_view kAnonymous = "(anonymous namespace)";

/// `'lambda0'(int)` of LLVM's demangler, `{lambda(int)#2}` of binutils', `$_1` of Clang and `<lambda(int)>`
/// of gcc's debug information: returns the length, sets `number` from 1.
size_t lambdaLength(std::string_view s, size_t at, int &number) {
  if (startsAt(s, at, "'lambda")) {
    size_t i = at + 7;
    int n = 0;
    bool digits = false;
    for (; i < s.size() && std::isdigit(static_cast<unsigned char>(s[i])); ++i, digits = true)
      n = n * 10 + (s[i] - '0');
    if (i >= s.size() || s[i] != '\'')
      return 0;
    number = digits ? n + 2 : 1;
    ++i;
    if (i < s.size() && s[i] == '(')
      i = skipGroup(s, i);
    return i - at;
  }
  if (startsAt(s, at, "$_")) {
    size_t i = at + 2;
    int n = 0;
    for (; i < s.size() && std::isdigit(static_cast<unsigned char>(s[i])); ++i)
      n = n * 10 + (s[i] - '0');
    number = n + 1;
    return i - at;
  }
  if (startsAt(s, at, "<lambda(")) {
    number = 1;
    return skipGroup(s, at) - at;
  }
  if (startsAt(s, at, "{lambda(")) {
    size_t end = skipGroup(s, at), hash = s.rfind('#', end);
    number =
        hash != std::string_view::npos && hash > at ? std::atoi(std::string(s.substr(hash + 1)).c_str()) : 1;
    return end - at;
  }
  return 0;
}

} // namespace

std::string shortFunctionName(std::string_view s) {
  std::string out;
  for (size_t i = 0; i < s.size();) {
    int number = 1;
    if (size_t op = operatorLength(s, i)) {
      // A lambda's call operator says nothing that the lambda does not.
      std::string_view spelled = s.substr(i, op);
      if (spelled == "operator()" && out.ends_with("}::") && out.find("{lambda") != std::string::npos)
        out.resize(out.size() - 2);
      else
        out += spelled;
      i += op;
    } else if (size_t lambda = lambdaLength(s, i, number)) {
      out += number > 1 ? "{lambda#" + std::to_string(number) + "}" : "{lambda}";
      i += lambda;
    } else if (startsAt(s, i, kAnonymous)) {
      out += kAnonymous;
      i += kAnonymous.size();
    } else if (s[i] == '<' || s[i] == '{' || s[i] == '[') {
      size_t end = skipGroup(s, i);
      if (s[i] != '[') // an ABI tag
        out += s.substr(i, end - i);
      i = end;
    } else if (s[i] == '(') {
      i = skipGroup(s, i); // parameters, a clone's suffix, or decltype(..) as a return type
      if (startsAt(s, i, " const"))
        i += 6;
      bool more = i < s.size() && s[i] == ':';
      bool returnType = i + 1 < s.size() && s[i] == ' ' && std::isalpha(static_cast<unsigned char>(s[i + 1]));
      if (!more && !returnType)
        break;
    } else if (s[i] == ' ') {
      if (i + 1 < s.size() && (s[i + 1] == '(' || s[i + 1] == '['))
        ++i; // before a suffix
      else
        out.clear(), ++i; // what stood before was a return type
    } else {
      out += s[i++];
    }
  }
  if (out.empty())
    return std::string(s);
  if (size_t dot = out.find('.'); dot != std::string::npos && dot > 0 && out.find('(') == std::string::npos)
    out.resize(dot); // `name.part.0` of a C function
  return out;
}

std::string_view lastComponent(std::string_view name) {
  int depth = 0;
  for (size_t i = name.size(); i-- > 0;) {
    char c = name[i];
    if (c == '>' || c == ')' || c == '}')
      ++depth;
    else if (c == '<' || c == '(' || c == '{')
      --depth;
    else if (c == ':' && depth == 0 && i > 0 && name[i - 1] == ':')
      return name.substr(i + 1);
  }
  return name;
}

bool isConstructorName(std::string_view name) {
  std::string_view last = lastComponent(name);
  if (last.size() + 2 >= name.size())
    return false;
  std::string_view klass = lastComponent(name.substr(0, name.size() - last.size() - 2));
  klass = klass.substr(0, klass.find('<'));
  return !klass.empty() && klass == last.substr(0, last.find('<'));
}

} // namespace gordian::trace
