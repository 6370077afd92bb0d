// SPDX-License-Identifier: MIT
//
// A reading position in one line of the text form. Every function skips blanks first, says by its result
// whether it found what it looks for, and moves only then.
#ifndef GORDIAN_SOURCE_IR_TEXT_CURSOR_H
#define GORDIAN_SOURCE_IR_TEXT_CURSOR_H

#include <charconv>
#include <string>
#include <string_view>

namespace gordian::ir {

class TextCursor {
public:
  explicit TextCursor(std::string_view line) : rest(line) {}

  /// At the end of the line, or before a comment.
  bool atEnd() {
    skipBlanks();
    return rest.empty() || rest.front() == ';';
  }

  bool eat(char c) {
    skipBlanks();
    if (rest.empty() || rest.front() != c)
      return false;
    rest.remove_prefix(1);
    return true;
  }

  bool startsWith(char c) {
    skipBlanks();
    return !rest.empty() && rest.front() == c;
  }

  /// Letters, digits, '_' and '-'; a keyword, an operation, an attribute's name or value. "" if there is
  /// none.
  std::string_view word() {
    return take("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.");
  }
  std::string_view peekWord() {
    TextCursor copy = *this;
    return copy.word();
  }

  template <class Int>
  bool number(Int &out) {
    skipBlanks();
    const char *begin = rest.data(), *end = begin + rest.size();
    auto [next, error] = std::from_chars(begin, end, out);
    if (error != std::errc())
      return false;
    rest.remove_prefix(next - begin);
    return true;
  }

  bool quoted(char quote, std::string &out) {
    skipBlanks();
    if (rest.empty() || rest.front() != quote)
      return false;
    out.clear();
    for (size_t n = 1; n < rest.size(); ++n) {
      if (rest[n] == quote) {
        rest.remove_prefix(n + 1);
        return true;
      }
      if (rest[n] != '\\') {
        out += rest[n];
      } else if (n + 3 < rest.size() && rest[n + 1] == 'x') {
        unsigned char c = 0;
        auto [next, error] = std::from_chars(rest.data() + n + 2, rest.data() + n + 4, c, 16);
        if (error != std::errc() || next != rest.data() + n + 4)
          return false;
        out += static_cast<char>(c);
        n += 3;
      } else if (++n < rest.size()) {
        out += rest[n];
      }
    }
    return false;
  }

  /// A label after '@' or '$': bare or in double quotes; directly after the sigil.
  bool label(std::string &out) {
    if (!rest.empty() && rest.front() == '"')
      return quoted('"', out);
    out = take("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_:~#");
    return !out.empty();
  }

  /// The class and field of a projection, the '.' already read: "S::n", "S::#2", "'Box<int>'::n".
  bool member(std::string &klass, std::string &field) {
    if (startsWith('\'')) {
      if (!quoted('\'', klass) || !eat(':') || !eat(':'))
        return false;
      field = take("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_#");
      return !field.empty();
    }
    std::string all;
    if (!label(all))
      return false;
    size_t colons = all.rfind("::");
    if (colons == std::string::npos || colons == 0 || colons + 2 == all.size())
      return false;
    klass = all.substr(0, colons);
    field = all.substr(colons + 2);
    return true;
  }

  std::string_view remaining() {
    skipBlanks();
    return rest;
  }

private:
  std::string_view rest;

  void skipBlanks() {
    while (!rest.empty() && (rest.front() == ' ' || rest.front() == '\t'))
      rest.remove_prefix(1);
  }
  std::string_view take(std::string_view characters) {
    skipBlanks();
    size_t n = rest.find_first_not_of(characters);
    std::string_view found = rest.substr(0, n);
    rest.remove_prefix(found.size());
    return found;
  }
};

} // namespace gordian::ir

#endif
