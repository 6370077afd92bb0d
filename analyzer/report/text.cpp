// SPDX-License-Identifier: MIT
//
// The text format: messages as compilers print them, so that editors and people can read both.
//
//   bank.cpp:14:8: error: transfer() asks for ... [lock-order-inversion]
//      14 |   to.mutex.lock();
//         |            ^
//   (1) thread T1 (teller)
//   bank.cpp:12:8: note: (1) acquires from.mutex, in transfer
//      12 | ...
//   bank.cpp:14:8: note: (1) asks for to.mutex, which may be held by thread T2, in transfer
//                        called from main at bank.cpp:40:3
//   (2) ...
//     = evidence: ...
//     = help: ...
//
// Suppressed findings and those that the baseline knows are counted, not shown. The help of a rule is printed
// once.
#include "finding/rules.h"
#include "report/excerpt.h"
#include "report/json_writer.h"
#include "report/paths.h"
#include "report/report.h"
#include "report/words.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/raw_ostream.h"

#include <set>

using namespace gordian;
using namespace gordian::report;
using llvm::StringRef;

static constexpr size_t kMaxFrames = 12; // of one step; json and html have all

namespace {

enum class Style { Plain, Bold, Error, Warning, Note, Caret, Faint };

class TextWriter {
public:
  TextWriter(const Options &o, llvm::raw_ostream &stream) : options(o), os(stream), folder(currentFolder()) {}

  void write(const Finding &f);
  void write(const Notification &n);
  void summary(const Result &result);

private:
  std::string styled(Style style, StringRef text) const;
  std::string place(const Location &at) const;
  static Style styleOf(Level level);
  void headline(const Location &at, Level level, const std::string &message);
  void excerpt(const Location &at);
  void frames(const Step &s);
  void participants(const Finding &f, const std::vector<Participant> &participants);
  void alternatives(const Finding &f);
  void remark(const char *name, const std::string &text);

  const Options &options;
  llvm::raw_ostream &os;
  std::string folder;
  std::set<std::string> helped; // rules whose help was printed
};

} // namespace

std::string TextWriter::styled(Style style, StringRef text) const {
  static constexpr const char *kCodes[] = {"", "1", "1;31", "1;35", "1;36", "1;32", "2"};
  if (!options.colour || style == Style::Plain)
    return text.str();
  return ("\x1b[" + llvm::Twine(kCodes[size_t(style)]) + "m" + text + "\x1b[0m").str();
}

std::string TextWriter::place(const Location &at) const {
  if (at.file.empty())
    return "<unknown>";
  std::string text = validUtf8(relativeTo(at.file, folder));
  if (at.line)
    text += ":" + std::to_string(at.line);
  if (at.line && at.column)
    text += ":" + std::to_string(at.column);
  return text;
}

Style TextWriter::styleOf(Level level) {
  return level == Level::Error ? Style::Error : level == Level::Warning ? Style::Warning : Style::Note;
}

void TextWriter::headline(const Location &at, Level level, const std::string &message) {
  if (!at.file.empty())
    os << styled(Style::Bold, place(at) + ": ");
  os << styled(styleOf(level), (levelName(level == Level::None ? Level::Note : level) + ": ").str())
     << message << '\n';
}

void TextWriter::excerpt(const Location &at) {
  Excerpt e = excerptAt(at, options.sources);
  if (e.code.empty())
    return;
  os << llvm::formatv("{0,5} | ", at.line) << e.code << '\n';
  if (!e.caret.empty())
    os << "      | " << styled(Style::Caret, e.caret) << '\n';
}

/// For a frame without source: what addr2line and debuggers take.
static std::string moduleOf(const Frame &f) {
  return llvm::formatv("{0}+{1:x}", f.module, f.offset).str();
}

static std::string framePlace(const Frame &f, const std::string &place) {
  return f.location.known() || f.module.empty() ? place : moduleOf(f);
}

/// ", in f", and the module where the source is not known.
static std::string whereIn(const Step &s) {
  std::string in = s.function.empty() ? "" : ", in " + s.function;
  if (!s.location.known() && !s.stack.empty() && !s.stack[0].module.empty())
    in += " (" + moduleOf(s.stack[0]) + ")";
  return in;
}

void TextWriter::frames(const Step &s) {
  // stack[0] is the step's own place.
  size_t last = std::min(s.stack.size(), kMaxFrames + 1);
  for (size_t i = 1; i < last; ++i) {
    const Frame &f = s.stack[i];
    std::string name = f.function.empty() ? "an unknown function" : validUtf8(f.function);
    os << "        called from " << name << " at " << framePlace(f, place(f.location)) << '\n';
  }
  if (s.stack.size() > last)
    os << "        and " << counted(s.stack.size() - last, "more frame") << '\n';
}

void TextWriter::participants(const Finding &f, const std::vector<Participant> &list) {
  for (size_t i = 0; i < list.size(); ++i) {
    std::string number = "(" + std::to_string(i + 1) + ") ";
    if (list.size() == 1)
      number.clear();
    if (!list[i].name.empty())
      os << "  " << number << styled(Style::Bold, validUtf8(list[i].name)) << '\n';
    for (size_t j = 0; j < list[i].steps.size(); ++j) {
      const Step &s = list[i].steps[j];
      headline(s.location, Level::Note, number + validUtf8(describeStep(f, list, i, j) + whereIn(s)));
      excerpt(s.location);
      frames(s);
    }
  }
}

void TextWriter::alternatives(const Finding &f) {
  if (f.alternatives.empty())
    return;
  remark("also", "the same at " +
                     counted(std::max<size_t>(f.alternativesTotal, f.alternatives.size()), "further site"));
  for (const auto &alternative : f.alternatives) {
    std::vector<std::string> ends;
    for (const Participant &p : alternative)
      if (!p.steps.empty())
        ends.push_back(place(p.steps.back().location) + " in " + p.steps.back().function);
    os << "        " << validUtf8(llvm::join(ends, "; ")) << '\n';
  }
  if (f.alternativesTotal > f.alternatives.size())
    os << "        and " << f.alternativesTotal - f.alternatives.size() << " more that are not kept\n";
}

void TextWriter::remark(const char *name, const std::string &text) {
  os << "    = " << styled(Style::Bold, name) << ": " << text << '\n';
}

void TextWriter::write(const Finding &f) {
  headline(f.location, f.level, validUtf8(f.message) + styled(Style::Faint, " [" + f.rule + "]"));
  excerpt(f.location);
  participants(f, f.participants);
  for (const Step &s : f.related) {
    Finding alone = {};
    alone.subjects = f.subjects;
    std::string in = s.kind == StepKind::Declare ? "" : whereIn(s);
    headline(s.location, Level::Note, validUtf8(describeStep(alone, {{"", {s}}}, 0, 0) + in));
    excerpt(s.location);
  }
  alternatives(f);
  if (!f.reason.empty())
    remark("why", validUtf8(f.reason));
  remark("evidence", describeEvidence(f));
  if (options.explainRanking) {
    std::string factors;
    for (const Factor &factor : f.factors)
      factors += llvm::formatv(", {0} {1:f2}", validUtf8(factor.name), factor.weight);
    remark("ranking", llvm::formatv("{0:f2}{1}", f.rank(), factors).str());
  }
  if (const Rule *rule = findRule(f.rule); rule && helped.insert(f.rule).second)
    remark("help", std::string(rule->fix) + " (gordian explain " + rule->id + ")");
  os << '\n';
}

void TextWriter::write(const Notification &n) {
  if (n.location.file.empty())
    os << styled(Style::Bold, "gordian: ");
  headline(n.location, n.level, validUtf8(n.message));
  excerpt(n.location);
}

static bool isKnown(const Finding &f) {
  return f.baseline == BaselineState::Unchanged || f.baseline == BaselineState::Updated;
}

static bool isShown(const Finding &f) {
  return f.suppressions.empty() && !isKnown(f);
}

void TextWriter::summary(const Result &result) {
  size_t shown = 0, suppressed = 0, known = 0, byLevel[4] = {};
  bool compared = false;
  for (const Finding &f : result.findings) {
    compared |= f.baseline != BaselineState::None;
    if (!f.suppressions.empty())
      ++suppressed;
    else if (isKnown(f))
      ++known;
    else
      ++shown, ++byLevel[size_t(f.level)];
  }
  const char *fresh = compared ? "new " : "";
  os << (shown ? std::to_string(shown) : "no") << ' ' << fresh << (shown == 1 ? "finding" : "findings");
  const char *separator = " (";
  for (Level level : {Level::Error, Level::Warning, Level::Note})
    if (size_t n = byLevel[size_t(level)]) {
      os << separator << counted(n, levelName(level).data());
      separator = ", ";
    }
  os << (shown ? ")" : "");
  if (known)
    os << ", " << known << " known to the baseline";
  if (suppressed)
    os << ", " << suppressed << " suppressed";
  os << (result.successful ? "\n" : "; not all of the input could be read\n");
}

void report::writeText(const Result &result, const Options &options, llvm::raw_ostream &os) {
  TextWriter writer(options, os);
  for (const Finding &f : result.findings)
    if (isShown(f))
      writer.write(f);
  for (const Notification &n : result.notifications)
    if (!options.problemsElsewhere || n.level < Level::Warning)
      writer.write(n);
  writer.summary(result);
}
