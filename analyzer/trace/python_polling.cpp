// SPDX-License-Identifier: MIT
//
// See python_polling.h.
#include "trace/python_polling.h"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <vector>

namespace gordian::trace {

namespace {

struct Line {
  size_t indent = 0;
  std::string_view text; // without indentation and comment
};

bool isWord(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
}

/// Lines by number, those without code empty.
std::vector<Line> linesOf(std::string_view source) {
  std::vector<Line> lines(1);
  while (!source.empty()) {
    size_t end = std::min(source.find('\n'), source.size());
    std::string_view text = source.substr(0, end);
    source.remove_prefix(std::min(end + 1, source.size()));
    text = text.substr(0, text.find('#'));
    size_t indent = text.find_first_not_of(" \t");
    lines.push_back(indent == text.npos ? Line() : Line{indent, text.substr(indent)});
  }
  return lines;
}

bool startsWith(const Line &line, std::string_view keyword) {
  return line.text.size() > keyword.size() && line.text.substr(0, keyword.size()) == keyword &&
         !isWord(line.text[keyword.size()]);
}

/// Each name of the text: `a.done` gives both parts.
void addNames(std::string_view text, std::set<std::string> &names) {
  for (size_t i = 0; i < text.size();) {
    size_t end = i;
    while (end < text.size() && isWord(text[end]))
      ++end;
    if (end > i && !std::isdigit(static_cast<unsigned char>(text[i])))
      names.emplace(text.substr(i, end - i));
    i = end + 1;
  }
}

/// The last name before an assignment or a method that changes: `self.done = 1`, `done.append(1)`.
void addWritten(std::string_view text, std::set<std::string> &names) {
  size_t end = 0;
  while (end < text.size() && (isWord(text[end]) || text[end] == '.'))
    ++end;
  std::string_view target = text.substr(0, end);
  size_t next = text.find_first_not_of(' ', end);
  if (next == text.npos || target.empty())
    return;
  bool assigned = (text[next] == '=' && text.substr(next, 2) != "==") || text[next] == '[' ||
                  (next + 1 < text.size() && text[next + 1] == '=' && !isWord(text[next]));
  size_t dot = target.rfind('.');
  if (assigned)
    names.emplace(dot == target.npos ? target : target.substr(dot + 1));
  else if (text[next] == '(' && dot != target.npos)
    addNames(target.substr(0, dot), names);
}

} // namespace

PythonPolling pythonPollingAround(std::string_view source, unsigned number) {
  PythonPolling found;
  const std::vector<Line> lines = linesOf(source);
  if (number >= lines.size() || lines[number].text.empty())
    return found;
  // Upwards to the header of the function: what is less indented than anything seen encloses the line.
  size_t enclosing = lines[number].indent, first = number;
  while (first > 1) {
    const Line &line = lines[first - 1];
    if (!line.text.empty() && line.indent < enclosing) {
      enclosing = line.indent;
      if (startsWith(line, "def") || startsWith(line, "async"))
        break;
    }
    --first;
  }
  const bool inFunction = first > 1;
  for (size_t loop = first; loop < number; ++loop) {
    if (!startsWith(lines[loop], "while"))
      continue;
    size_t end = loop + 1;
    while (end < lines.size() && (lines[end].text.empty() || lines[end].indent > lines[loop].indent))
      ++end;
    if (end > number) // the line is part of it
      continue;
    std::set<std::string> read, written;
    addNames(lines[loop].text.substr(5), read);
    for (size_t inside = loop + 1; inside < end; ++inside)
      addWritten(lines[inside].text, written);
    std::set_difference(read.begin(), read.end(), written.begin(), written.end(),
                        std::inserter(found.readBefore, found.readBefore.end()));
  }
  for (size_t later = number + 1; later < lines.size(); ++later) {
    if (lines[later].text.empty())
      continue;
    if (inFunction && lines[later].indent <= enclosing)
      break;
    addWritten(lines[later].text, found.writtenAfter);
  }
  for (const char *keyword : {"not", "and", "or", "is", "in", "len", "True", "False", "None"})
    found.readBefore.erase(keyword);
  return found;
}

} // namespace gordian::trace
