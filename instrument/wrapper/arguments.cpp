// SPDX-License-Identifier: MIT
#include "wrapper/arguments.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string_view>

namespace gordian::wrapper {

namespace {

// Options whose value is the next word.
constexpr std::string_view kTakeValue[] = {
    "-o",
    "-x",
    "-I",
    "-L",
    "-D",
    "-U",
    "-F",
    "-include",
    "-imacros",
    "-isystem",
    "-iquote",
    "-idirafter",
    "-iprefix",
    "-iwithprefix",
    "-isysroot",
    "-imultilib",
    "-include-pch",
    "-MF",
    "-MT",
    "-MQ",
    "-Xlinker",
    "-Xclang",
    "-Xassembler",
    "-Xpreprocessor",
    "-Xarch_host",
    "-T",
    "-u",
    "-z",
    "-e",
    "-l",
    "-A",
    "-G",
    "-aux-info",
    "-wrapper",
    "-mllvm",
    "-dumpbase",
    "-dumpdir",
    "-target",
    "-arch",
    "-framework",
    "--param",
    "-ccc-gcc-name",
    "--sysroot",
    "--serialize-diagnostics",
    "-working-directory",
    "-iwithprefixbefore",
    "-cxx-isystem",
    "-iwithsysroot",
    "-iframework",
    "-B",
    "-dumpbase-ext",
    "-b",
    "-V",
    "-current_version",
};

// Options that end the work before the linker.
constexpr std::string_view kStopEarly[] = {"-c",
                                           "-S",
                                           "-E",
                                           "-M",
                                           "-MM",
                                           "-fsyntax-only",
                                           "--precompile",
                                           "-emit-ast",
                                           "--analyze",
                                           "-fdriver-only",
                                           "--assemble",
                                           "--compile",
                                           "--preprocess",
                                           "-extract-api",
                                           "-emit-interface-stubs"};

// Linking a header means precompiling it.
constexpr std::string_view kHeaderEndings[] = {".h",   ".H",   ".hh",  ".hp", ".hpp",
                                               ".hxx", ".HPP", ".h++", ".tcc"};

template <size_t N>
bool among(const std::string_view (&list)[N], std::string_view word) {
  return std::find(std::begin(list), std::end(list), word) != std::end(list);
}

bool isHeader(std::string_view name) {
  return std::any_of(std::begin(kHeaderEndings), std::end(kHeaderEndings),
                     [&](std::string_view ending) { return name.ends_with(ending); });
}

constexpr int kDeepest = 16; // response files that name each other end somewhere

void expand(const std::vector<std::string> &words, int depth, std::vector<std::string> &out) {
  for (const std::string &word : words) {
    std::ifstream file;
    if (word.size() > 1 && word[0] == '@' && depth < kDeepest)
      file.open(word.substr(1));
    if (!file.is_open() || !file)
      out.push_back(word);
    else
      expand(splitWords({std::istreambuf_iterator<char>(file), {}}), depth + 1, out);
  }
}

class Reader {
public:
  explicit Reader(const std::vector<std::string> &words) { expand(words, 0, words_); }

  Request read() {
    for (size_t i = 0; i < words_.size(); i++)
      if (words_[i].size() > 1 && words_[i][0] == '-')
        i += option(words_[i], i + 1 < words_.size() ? words_[i + 1] : std::string());
      else
        input(words_[i]);
    request_.compiles = inputs_ > 0;
    request_.links = inputs_ > headers_ && !stopsEarly_;
    return request_;
  }

private:
  /// How many of the words that follow belong to it.
  size_t option(const std::string &word, const std::string &next) {
    stopsEarly_ |= among(kStopEarly, word);
    request_.shared |= word == "-shared" || word == "--shared";
    request_.relocatable |= word == "-r" || word == "-Wl,-r" || word == "-Wl,--relocatable";
    request_.statically |= word == "-static" || word == "--static" || word == "-static-pie";
    request_.bare |= word == "-nostdlib" || word == "-nodefaultlibs" || word == "-nostartfiles";
    request_.freestanding |= word == "-ffreestanding" || word == "-mcmodel=kernel";
    if (word.starts_with("-x"))
      asHeader_ = (word == "-x" ? next : word.substr(2)).ends_with("-header");
    inputs_ += word.starts_with("-l"); // a program may be made of libraries alone
    return among(kTakeValue, word) ? 1 : 0;
  }

  void input(const std::string &name) {
    inputs_++;
    headers_ += asHeader_ || isHeader(name);
    request_.inputs.push_back(name);
  }

  std::vector<std::string> words_;
  Request request_;
  bool stopsEarly_ = false;
  bool asHeader_ = false;
  size_t inputs_ = 0;
  size_t headers_ = 0;
};

} // namespace

std::vector<std::string> splitWords(const std::string &text) {
  std::vector<std::string> words;
  std::string word;
  bool inWord = false;
  char quote = 0;
  for (size_t i = 0; i < text.size(); i++) {
    const char c = text[i];
    if (c == '\\' && i + 1 < text.size() && quote != '\'') {
      word += text[++i];
      inWord = true;
    } else if (quote) {
      if (c == quote)
        quote = 0;
      else
        word += c;
    } else if (c == '"' || c == '\'') {
      quote = c;
      inWord = true;
    } else if (std::string_view(" \t\n\r\f\v").find(c) != std::string_view::npos) {
      if (inWord)
        words.push_back(std::move(word));
      word.clear();
      inWord = false;
    } else {
      word += c;
      inWord = true;
    }
  }
  if (inWord)
    words.push_back(std::move(word));
  return words;
}

Request understand(const std::vector<std::string> &words) {
  return Reader(words).read();
}

} // namespace gordian::wrapper
