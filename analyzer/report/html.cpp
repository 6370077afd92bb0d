// SPDX-License-Identifier: MIT
//
// The html format: one file that needs nothing else. The page itself (html/) is bundled at build time and
// embedded; here its data is put in: the json format's members, and what a page cannot know by itself: the
// words for each step, the pages of the rules that occur, and the source lines around each step.
//
// The data stands in a <script type="application/json">, where only "<" is dangerous ("</script", "<!--"):
// each is written as \u003c, which is the same string to JSON. Source text is capped at kMaxSourceBytes;
// lines of call paths are left out before lines of steps.
#include "finding/rules.h"
#include "report/embedded.h"
#include "report/json_writer.h"
#include "report/report.h"
#include "report/sources.h"
#include "report/words.h"

#include "llvm/Support/raw_ostream.h"

#include <map>
#include <set>

using namespace gordian;
using namespace gordian::report;
using llvm::StringRef;

static constexpr size_t kMaxSourceBytes = 16u << 20, kMaxLine = 1000;
static constexpr unsigned kContext = 3;
static constexpr StringRef kPlace = "@GORDIAN_DATA@";

namespace {

/// The source lines that the page shows.
class Lines {
public:
  explicit Lines(Sources *s) : sources(s) {}

  void around(const Location &at, unsigned context) {
    if (!sources || !at.known())
      return;
    unsigned first = at.line > context ? at.line - context : 1;
    for (unsigned n = first; n <= at.line + context && bytes < kMaxSourceBytes; ++n)
      if (auto text = sources->line(at.file, n))
        if (lines[at.file].emplace(n, validUtf8(text->take_front(kMaxLine))).second)
          bytes += text->size() + 16;
  }

  void write(llvm::json::OStream &json) const {
    for (const auto &[file, numbered] : lines)
      json.attributeObject(validUtf8(file), [&] {
        for (const auto &[number, text] : numbered)
          json.attribute(std::to_string(number), text);
      });
  }

private:
  Sources *sources;
  size_t bytes = 0;
  std::map<std::string, std::map<unsigned, std::string>> lines;
};

} // namespace

template <typename F>
static void eachStep(const Finding &f, F visit) {
  for (const Participant &p : f.participants)
    for (const Step &s : p.steps)
      visit(s);
  for (const Step &s : f.related)
    visit(s);
  for (const auto &alternative : f.alternatives)
    for (const Participant &p : alternative)
      for (const Step &s : p.steps)
        visit(s);
}

static void writeSources(llvm::json::OStream &json, const Result &result, Sources *sources) {
  Lines lines(sources);
  for (const Finding &f : result.findings) {
    lines.around(f.location, kContext);
    eachStep(f, [&](const Step &s) { lines.around(s.location, kContext); });
  }
  for (const Finding &f : result.findings)
    eachStep(f, [&](const Step &s) {
      for (const Frame &frame : s.stack)
        lines.around(frame.location, 0);
    });
  lines.write(json);
}

static void writeWords(llvm::json::OStream &json, const Finding &f) {
  auto words = [&](const std::vector<Participant> &participants, size_t p, size_t i) {
    std::string full = validUtf8(describeStep(f, participants, p, i));
    const Step &s = participants[p].steps[i];
    json.array([&] {
      json.value(s.kind == StepKind::Call ? full : validUtf8(briefStep(f, s)));
      json.value(full);
    });
  };
  auto lists = [&](const std::vector<Participant> &participants) {
    for (size_t p = 0; p < participants.size(); ++p)
      json.array([&] {
        for (size_t i = 0; i < participants[p].steps.size(); ++i)
          words(participants, p, i);
      });
  };
  json.object([&] {
    json.attribute("evidence", describeEvidence(f));
    json.attributeArray("participants", [&] { lists(f.participants); });
    json.attributeArray("alternatives", [&] {
      for (const auto &alternative : f.alternatives)
        json.array([&] { lists(alternative); });
    });
    json.attributeArray("related", [&] {
      for (const Step &s : f.related)
        words({{"", {s}}}, 0, 0);
    });
  });
}

static void writeRules(llvm::json::OStream &json, const Result &result) {
  std::set<std::string> used;
  for (const Finding &f : result.findings)
    used.insert(f.rule);
  for (const Rule &r : rules())
    if (used.count(r.id))
      json.attributeObject(r.id, [&] {
        json.attribute("title", r.title);
        json.attribute("level", levelName(r.level));
        json.attribute("cwe", r.cwe);
        json.attribute("what", r.what);
        json.attribute("fix", r.fix);
        json.attribute("page", validUtf8(rulePage(r.id)));
      });
}

static std::string dataOf(const Result &result, const Options &options) {
  std::string text;
  llvm::raw_string_ostream os(text);
  llvm::json::OStream json(os);
  json.object([&] {
    json.attributeObject("gordian", [&] {
      json.attribute("schema", kJsonSchema);
      json.attribute("version", GORDIAN_VERSION);
    });
    JsonWriter writer(json);
    fields(writer, result);
    json.attributeArray("words", [&] {
      for (const Finding &f : result.findings)
        writeWords(json, f);
    });
    json.attributeObject("rules", [&] { writeRules(json, result); });
    json.attributeObject("sources", [&] { writeSources(json, result, options.sources); });
  });
  return text;
}

void report::writeHtml(const Result &result, const Options &options, llvm::raw_ostream &os) {
  auto [before, after] = htmlPage()[0].text.split(kPlace);
  os << before;
  std::string text = dataOf(result, options);
  for (StringRef rest = text; !rest.empty();) {
    size_t at = std::min(rest.size(), rest.find('<'));
    os << rest.take_front(at);
    rest = rest.drop_front(at);
    if (rest.consume_front("<"))
      os << "\\u003c";
  }
  os << after;
}
