// SPDX-License-Identifier: MIT
//
// See tsan_log.h. The text is first cut into reports, each a title and sections (a heading and its frames);
// then each race report becomes one fact.
#include "trace/tsan_log.h"

#include "trace/function_name.h"
#include "trace/system_code.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Path.h"

#include <algorithm>
#include <map>
#include <set>

using llvm::StringRef;

namespace gordian::trace {

namespace {

struct RawFrame {
  std::string function;
  Location location;
  std::string module;
  uint64_t offset = 0;
  uint64_t pc = 0; // 0 where the form does not say it
};

struct Section {
  StringRef heading; // without the leading blanks and the colon
  std::vector<RawFrame> frames;
};

struct Report {
  StringRef title;
  std::vector<Section> sections;
};

/// `(/path/prog+0x12ab)` at the end of a frame.
void takeModule(StringRef &text, RawFrame &frame) {
  text = text.rtrim();
  size_t buildId = text.rfind(" (BuildId: ");
  if (buildId != StringRef::npos)
    text = text.take_front(buildId).rtrim();
  size_t open = text.rfind('('), plus = text.rfind("+0x");
  if (!text.ends_with(")") || open == StringRef::npos || plus == StringRef::npos || plus < open)
    return;
  if (text.slice(plus + 3, text.size() - 1).getAsInteger(16, frame.offset))
    return;
  frame.module = text.slice(open + 1, plus).str();
  text = text.take_front(open).rtrim();
}

/// `file:line:column`, `file:line` or `file`.
Location parseLocation(StringRef text) {
  Location location;
  unsigned numbers[2] = {0, 0};
  int count = 0;
  while (count < 2) {
    auto [head, tail] = text.rsplit(':');
    unsigned n = 0;
    if (tail.empty() || tail.getAsInteger(10, n))
      break;
    numbers[count++] = n;
    text = head;
  }
  if (count == 0 || text.empty() || text == "<null>")
    return location;
  llvm::SmallString<256> path(text);
  llvm::sys::path::remove_dots(path, /*remove_dot_dot=*/path.starts_with("/"));
  location.file = path.str().str();
  location.line = numbers[count - 1];
  location.column = count == 2 ? numbers[0] : 0;
  return location;
}

/// A line `#N ...` without its blanks.
RawFrame parseFrame(StringRef text) {
  RawFrame frame;
  text = text.drop_front().drop_while(llvm::isDigit).ltrim();
  takeModule(text, frame);
  if (text.starts_with("0x")) {
    StringRef pc = text.take_until([](char c) { return c == ' '; });
    pc.drop_front(2).getAsInteger(16, frame.pc);
    return frame;
  }
  // The place is the last word; a path with blanks in it goes to the function's name, which still tells.
  auto [function, place] = text.rsplit(' ');
  if (place.empty())
    std::swap(function, place);
  frame.location = parseLocation(place);
  if (function.trim() != "<null>")
    frame.function = shortFunctionName(std::string_view(function.trim()));
  return frame;
}

std::vector<Report> cutReports(StringRef text) {
  constexpr llvm::StringLiteral kWarning = "WARNING: ThreadSanitizer: ";
  std::vector<Report> reports;
  bool inReport = false;
  while (!text.empty()) {
    StringRef line;
    std::tie(line, text) = text.split('\n');
    if (line.starts_with(kWarning)) {
      reports.push_back({line.drop_front(kWarning.size()).rsplit(" (pid=").first, {}});
      inReport = true;
    } else if (line.starts_with("SUMMARY: ") || line.starts_with("=====")) {
      inReport = false;
    } else if (inReport) {
      StringRef trimmed = line.trim();
      if (trimmed.starts_with("#") && !reports.back().sections.empty())
        reports.back().sections.back().frames.push_back(parseFrame(trimmed));
      else if (line.starts_with("  ") && !trimmed.empty() && !trimmed.starts_with("["))
        reports.back().sections.push_back({trimmed.rtrim(":."), {}});
    }
  }
  return reports;
}

/// Written by our own predictor, in the same form.
bool isPredicted(const Report &report) {
  return report.title.ends_with("(predicted)");
}

bool isRace(StringRef title) {
  return title.starts_with("data race") || title.starts_with("heap-use-after-free");
}

/// "thread T3" or "main thread" out of a heading; empty where it names none.
StringRef threadOf(StringRef heading) {
  size_t by = heading.rfind(" by ");
  StringRef who = by == StringRef::npos ? heading : heading.drop_front(by + 4);
  return who.split(" (mutexes").first;
}

/// Turns one report into a fact.
class RaceBuilder {
public:
  RaceBuilder(const Report &r, Symbolizer &s) : report(r), symbolizer(s) {}

  /// False where the report lacks one of its two accesses.
  bool build(facts::ObservedRace &race);
  bool userCode = false;      // of one of the accesses
  bool orderedUnseen = false; // a library that was not compiled with ThreadSanitizer keeps them apart

private:
  std::vector<Frame> symbolise(const std::vector<RawFrame> &frames);
  Step step(StepKind kind, const std::vector<RawFrame> &frames, bool allocation = false);
  bool addAccess(const Section &section, Participant &participant);
  void addLocation(const Section &section);
  void addThread(const Section &section, facts::ObservedRace &race);
  void nameGlobal(facts::ObservedRace &race);

  const Report &report;
  Symbolizer &symbolizer;
  std::map<std::string, std::string> threadNames; // "thread T1" -> "thread T1 (worker)"
  std::vector<Step> related;
  Subject variable;
  uint64_t address = 0;
};

/// ThreadSanitizer's suppressions go by name, and names are only known here. The same list stands in the
/// defaults of programs built by gordian-c++ (instrument/tsan/defaults.cpp), for when they run without us.
bool isOrderedUnseen(const Frame &f) {
  static constexpr llvm::StringLiteral kFunctions[] = {"std::ctype<char>::narrow", "std::ctype<char>::widen",
                                                       "std::__exception_ptr::", "std::locale::"};
  return llvm::any_of(kFunctions, [&](StringRef name) { return StringRef(f.function).starts_with(name); });
}

std::vector<Frame> RaceBuilder::symbolise(const std::vector<RawFrame> &frames) {
  std::vector<Frame> out;
  for (const RawFrame &raw : frames) {
    bool named = !raw.function.empty() || raw.location.known();
    if (!named && !raw.module.empty() && raw.module.starts_with("/")) {
      const std::vector<Frame> &found = symbolizer.code({raw.module, ""}, raw.offset);
      out.insert(out.end(), found.begin(), found.end());
    } else {
      out.push_back({raw.function, raw.location, raw.module, raw.offset});
    }
  }
  return out;
}

Step RaceBuilder::step(StepKind kind, const std::vector<RawFrame> &frames, bool allocation) {
  std::vector<Frame> all = symbolise(frames);
  orderedUnseen |= !allocation && llvm::any_of(all, isOrderedUnseen);
  ReadableStack stack = readable(all);
  Step s;
  s.kind = kind;
  s.stack = std::move(stack.frames);
  userCode |= stack.userCode && !allocation;
  if (!s.stack.empty()) {
    s.location = s.stack.front().location;
    s.function = s.stack.front().function;
  }
  return s;
}

bool RaceBuilder::addAccess(const Section &section, Participant &participant) {
  StringRef heading = section.heading;
  bool write = heading.contains_insensitive("write");
  Step access = step(write ? StepKind::Write : StepKind::Read, section.frames);
  if (access.stack.empty())
    return false;
  access.subject = 0;
  if (heading.contains_insensitive("atomic"))
    access.note = "atomic";
  StringRef at = heading.split(" at 0x").second;
  if (!address)
    at.take_while(llvm::isHexDigit).getAsInteger(16, address);
  std::string who = threadOf(heading).str();
  auto known = threadNames.find(who);
  participant.name = known == threadNames.end() ? who : known->second;
  participant.steps.push_back(std::move(access));
  return true;
}

/// "Location is ...": names the variable, and where it was allocated.
void RaceBuilder::addLocation(const Section &section) {
  StringRef what = section.heading;
  if (!what.consume_front("Location is "))
    return;
  if (what.consume_front("global '")) {
    StringRef name = what.split('\'').first;
    if (name != "??" && name != "<null>" && variable.name.empty()) {
      variable.name = variable.key = name.str();
      variable.kind = "global";
    }
    return;
  }
  if (!variable.name.empty())
    return;
  if (what.starts_with("heap block")) {
    StringRef size = what.split("of size ").second.take_while(llvm::isDigit);
    Step allocation = step(StepKind::Declare, section.frames, /*allocation=*/true);
    std::string where = allocation.function.empty() ? std::string() : " allocated in " + allocation.function;
    variable.name = "heap block of " + size.str() + " bytes" + where;
    variable.key = "heap" + where;
    variable.kind = "heap block";
    variable.declaration = allocation.location;
    allocation.subject = 0;
    allocation.note = "allocated by " + what.rsplit(" allocated by ").second.str();
    if (!allocation.stack.empty())
      related.push_back(std::move(allocation));
  } else if (what.starts_with("stack of ")) {
    variable.name = "a variable on the stack of " + what.drop_front(9).str();
    variable.key = "stack";
    variable.kind = "local variable";
  } else {
    variable.name = what.split(" created by").first.str(); // TLS, file descriptor
    variable.key = variable.name;
  }
}

/// "Thread T1 'worker' (tid=5, running) created by main thread at"
void RaceBuilder::addThread(const Section &section, facts::ObservedRace &race) {
  StringRef heading = section.heading;
  if (!heading.consume_front("Thread T"))
    return;
  auto [number, quoted] = heading.split(" (tid=").first.split(" '");
  std::string name = "thread T" + number.str();
  if (!quoted.empty())
    name += " (" + quoted.rtrim('\'').str() + ")";
  threadNames["thread T" + number.str()] = name;
  Step spawn = step(StepKind::Spawn, section.frames, /*allocation=*/true);
  if (spawn.stack.empty() || !readable(spawn.stack).userCode)
    return;
  spawn.note = name + " is created by " + heading.rsplit(" created by ").second.rsplit(" at").first.str();
  race.related.push_back(std::move(spawn));
}

/// The unsymbolised form gives the address alone; a module whose load address the frames tell may contain it.
void RaceBuilder::nameGlobal(facts::ObservedRace &race) {
  std::set<std::pair<std::string, uint64_t>> bases;
  for (const Section &section : report.sections)
    for (const RawFrame &frame : section.frames)
      if (frame.pc && frame.module.starts_with("/"))
        bases.insert({frame.module, frame.pc - 1 - frame.offset});
  for (const auto &[module, base] : bases) {
    constexpr uint64_t kLargestModule = 1ull << 32;
    if (address < base || address - base > kLargestModule)
      continue;
    std::optional<DataName> name = symbolizer.data({module, ""}, address - base);
    if (!name)
      continue;
    variable.name = variable.key = name->name;
    variable.kind = name->type.empty() ? "global" : name->type;
    variable.declaration = name->declaration;
  }
}

bool RaceBuilder::build(facts::ObservedRace &race) {
  std::vector<const Section *> accesses;
  for (const Section &section : report.sections) {
    if (section.heading.contains(" of size ") && section.heading.contains(" at 0x") &&
        !section.heading.starts_with("Location"))
      accesses.push_back(&section);
    addThread(section, race);
    addLocation(section);
  }
  if (accesses.size() < 2 || !addAccess(*accesses[0], race.first) || !addAccess(*accesses[1], race.second))
    return false;
  nameGlobal(race);
  race.related.insert(race.related.begin(), related.begin(), related.end());
  if (variable.name.empty()) {
    variable.name = "memory accessed in " + race.first.steps[0].function;
    variable.key = variable.name;
  }
  race.variable = variable;
  return true;
}

} // namespace

TsanLog readTsanLog(std::string_view text, Symbolizer &symbolizer) {
  TsanLog log;
  std::set<std::pair<std::pair<Location, Location>, std::string>> seen;
  std::vector<Report> reports = cutReports(StringRef(text.data(), text.size()));
  // What was observed stands for what was predicted of the same places.
  std::stable_partition(reports.begin(), reports.end(), [](const Report &r) { return !isPredicted(r); });
  for (const Report &report : reports) {
    if (!isRace(report.title))
      continue;
    facts::ObservedRace race;
    race.predicted = isPredicted(report);
    if (report.title.contains("(predicted)"))
      race.predicted = true;
    RaceBuilder builder(report, symbolizer);
    if (!builder.build(race)) {
      ++log.unreadable;
      continue;
    }
    if (!builder.userCode || builder.orderedUnseen) {
      ++log.internal;
      continue;
    }
    Location a = race.first.steps[0].location, b = race.second.steps[0].location;
    if (seen.insert({std::minmax(a, b), race.variable.key}).second)
      log.races.push_back(std::move(race));
  }
  return log;
}

bool looksLikeTsanLog(std::string_view text) {
  return StringRef(text.data(), std::min<size_t>(text.size(), 4096)).contains("WARNING: ThreadSanitizer: ");
}

} // namespace gordian::trace
