// SPDX-License-Identifier: MIT
//
// The sarif format: SARIF 2.1.0, one run. How the model maps:
//
//   finding                      result; locations[0] is Finding::location
//   participant                  threadFlow of codeFlows[0]; alternatives are further codeFlows
//   step, its stack              threadFlowLocation with `stack`
//   every place in the message   relatedLocations: operations, spawns, declarations, without repeats
//   fingerprint, edge keys       partialFingerprints gordian/v1, gordian/edge/v1/N
//   hint                         kind informational, level none
//   notification                 toolExecutionNotification
//
// What SARIF has no word for (evidence, subjects, kinds of steps) is in property bags, so that
// sarif_reader.cpp gets the findings back. URIs are relative to %SRCROOT% (the working folder) for files
// below it.
//
// Sizes are capped, since GitHub and editors refuse large files: each cap that cuts says so in the result's
// properties and in a notification.
#include "finding/fingerprint.h"
#include "finding/rules.h"
#include "report/embedded.h"
#include "report/json_writer.h"
#include "report/paths.h"
#include "report/report.h"
#include "report/sources.h"
#include "report/words.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"

#include <map>
#include <set>

using namespace gordian;
using namespace gordian::report;
using llvm::StringRef;

static constexpr size_t kMaxResults = 20000, kMaxSteps = 500, kMaxFrames = 64, kMaxRelated = 200,
                        kMaxText = 8000;

static const char *cweName(unsigned number) {
  switch (number) {
#define CWE(NUMBER, NAME)                                                                                    \
  case NUMBER:                                                                                               \
    return NAME;
#include "finding/rules.def"
  }
  return "";
}

namespace {

class SarifWriter {
public:
  SarifWriter(const Result &r, const Options &o, llvm::raw_ostream &os)
      : result(r), options(o), json(os, 1), root(r.workingDirectory) {}
  void write();

private:
  void tool();
  void rule(const Rule &r);
  void taxonomies();
  void invocation();
  void artifacts();
  void finding(const Finding &f);
  void fingerprints(const Finding &f);
  void related(const Finding &f);
  void codeFlows(const Finding &f);
  void codeFlow(const Finding &f, const std::vector<Participant> &participants, StringRef text);
  void step(const Finding &f, const std::vector<Participant> &participants, size_t participant, size_t index);
  void stack(const std::vector<Frame> &frames);
  void properties(const Finding &f);

  void message(StringRef name, StringRef text);
  void location(const Location &at, StringRef function, StringRef text, int id = 0, bool excerpt = false);
  void physicalLocation(const Location &at, bool excerpt);
  void artifactLocation(StringRef file);
  unsigned utf16Column(const Location &at) const;

  const Result &result;
  const Options &options;
  llvm::json::OStream json;
  std::string root;
  std::map<std::string, size_t> artifactIndex;
  std::vector<std::string> artifactFiles;
  size_t cut = 0; // things left out by a cap
};

} // namespace

// Places ----------------------------------------------------------------------------------------------------

void SarifWriter::message(StringRef name, StringRef text) {
  json.attributeObject(name, [&] { json.attribute("text", validUtf8(text.take_front(kMaxText))); });
}

void SarifWriter::artifactLocation(StringRef file) {
  StringRef relative = relativeTo(file, root);
  auto [it, fresh] = artifactIndex.try_emplace(file.str(), artifactFiles.size());
  if (fresh)
    artifactFiles.push_back(file.str());
  json.attributeObject("artifactLocation", [&] {
    json.attribute("uri", toUri(relative));
    if (!relative.starts_with("/"))
      json.attribute("uriBaseId", "%SRCROOT%");
    json.attribute("index", it->second);
  });
}

/// SARIF counts UTF-16 code units, the model counts bytes; they differ behind a character that is not ASCII.
unsigned SarifWriter::utf16Column(const Location &at) const {
  auto line = options.sources ? options.sources->line(at.file, at.line) : std::nullopt;
  if (!line || at.column == 0 || at.column > line->size() + 1)
    return at.column;
  unsigned units = 0;
  for (unsigned char c : line->take_front(at.column - 1))
    units += (c & 0xc0) == 0x80 ? 0 : c >= 0xf0 ? 2 : 1;
  return units + 1;
}

void SarifWriter::physicalLocation(const Location &at, bool excerpt) {
  json.attributeObject("physicalLocation", [&] {
    artifactLocation(at.file);
    if (at.line == 0)
      return;
    json.attributeObject("region", [&] {
      json.attribute("startLine", at.line);
      if (at.column)
        json.attribute("startColumn", utf16Column(at));
      auto line = excerpt && options.sources ? options.sources->line(at.file, at.line) : std::nullopt;
      if (line)
        json.attributeObject("snippet", [&] { json.attribute("text", validUtf8(line->take_front(400))); });
    });
  });
}

void SarifWriter::location(const Location &at, StringRef function, StringRef text, int id, bool excerpt) {
  json.object([&] {
    if (id)
      json.attribute("id", id);
    if (!at.file.empty())
      physicalLocation(at, excerpt);
    if (!function.empty())
      json.attributeArray("logicalLocations", [&] {
        json.object([&] {
          json.attribute("fullyQualifiedName", validUtf8(function));
          json.attribute("kind", "function");
        });
      });
    if (!text.empty())
      message("message", text);
  });
}

// The run ---------------------------------------------------------------------------------------------------

void SarifWriter::rule(const Rule &r) {
  json.object([&] {
    std::string page = rulePage(r.id);
    json.attribute("id", r.id);
    json.attribute("name", r.name);
    message("shortDescription", r.title);
    message("fullDescription", r.what);
    json.attributeObject("help", [&] {
      json.attribute("text", std::string(r.fix) + "\n\n" + page);
      json.attribute("markdown", page);
    });
    json.attributeObject("defaultConfiguration", [&] { json.attribute("level", levelName(r.level)); });
    json.attributeArray("relationships", [&] {
      json.object([&] {
        json.attributeObject("target", [&] {
          json.attribute("id", std::to_string(r.cwe));
          json.attributeObject("toolComponent", [&] {
            json.attribute("name", "CWE");
            json.attribute("index", 0);
          });
        });
        json.attributeArray("kinds", [&] { json.value("superset"); });
      });
    });
    json.attributeObject("properties", [&] {
      json.attributeArray("tags", [&] {
        json.value("concurrency");
        json.value("external/cwe/cwe-" + std::to_string(r.cwe));
      });
    });
  });
}

void SarifWriter::tool() {
  json.attributeObject("tool", [&] {
    json.attributeObject("driver", [&] {
      json.attribute("name", "Gordian");
      json.attribute("version", GORDIAN_VERSION);
      json.attribute("semanticVersion", GORDIAN_VERSION);
      message("shortDescription", "Finds deadlocks, lock misuse and data races in C and C++ programs.");
      json.attributeArray("rules", [&] {
        for (const Rule &r : rules())
          rule(r);
      });
      json.attributeArray("supportedTaxonomies", [&] {
        json.object([&] {
          json.attribute("name", "CWE");
          json.attribute("index", 0);
        });
      });
    });
  });
}

void SarifWriter::taxonomies() {
  std::set<unsigned> numbers;
  for (const Rule &r : rules())
    numbers.insert(r.cwe);
  json.attributeArray("taxonomies", [&] {
    json.object([&] {
      json.attribute("name", "CWE");
      json.attribute("organization", "MITRE");
      json.attribute("informationUri", "https://cwe.mitre.org/");
      message("shortDescription", "The MITRE Common Weakness Enumeration");
      json.attribute("isComprehensive", false);
      json.attributeArray("taxa", [&] {
        for (unsigned n : numbers)
          json.object([&] {
            json.attribute("id", std::to_string(n));
            json.attribute("name", cweName(n));
            message("shortDescription", cweName(n));
            json.attribute("helpUri",
                           "https://cwe.mitre.org/data/definitions/" + std::to_string(n) + ".html");
          });
      });
    });
  });
}

void SarifWriter::invocation() {
  auto notification = [&](const Notification &n) {
    json.object([&] {
      json.attribute("level", levelName(n.level));
      message("message", n.message);
      if (!n.location.file.empty())
        json.attributeArray("locations", [&] { location(n.location, "", ""); });
    });
  };
  json.attributeArray("invocations", [&] {
    json.object([&] {
      json.attribute("executionSuccessful", result.successful);
      if (!result.commandLine.empty())
        json.attribute("commandLine", validUtf8(result.commandLine));
      if (!root.empty())
        json.attributeObject("workingDirectory", [&] { json.attribute("uri", toUri(root) + "/"); });
      json.attributeArray("toolExecutionNotifications", [&] {
        for (const Notification &n : result.notifications)
          notification(n);
        if (cut)
          notification({Level::Warning,
                        counted(cut, "part") +
                            " of the results left out to keep this file small; the json format "
                            "has everything",
                        {}});
      });
    });
  });
}

void SarifWriter::artifacts() {
  json.attributeArray("artifacts", [&] {
    for (size_t i = 0; i < artifactFiles.size(); ++i) {
      StringRef relative = relativeTo(artifactFiles[i], root);
      json.object([&] {
        json.attributeObject("location", [&] {
          json.attribute("uri", toUri(relative));
          if (!relative.starts_with("/"))
            json.attribute("uriBaseId", "%SRCROOT%");
          json.attribute("index", i);
        });
      });
    }
  });
}

// A result --------------------------------------------------------------------------------------------------

void SarifWriter::fingerprints(const Finding &f) {
  json.attributeObject("partialFingerprints", [&] {
    json.attribute("gordian/v1", f.fingerprint.empty() ? fingerprintOf(f) : f.fingerprint);
    for (size_t i = 0; i < f.edgeKeys.size(); ++i)
      json.attribute("gordian/edge/v1/" + std::to_string(i), f.edgeKeys[i]);
  });
}

void SarifWriter::related(const Finding &f) {
  std::set<Location> told = {f.location};
  int id = 0;
  auto tell = [&](const Location &at, const std::string &function, const std::string &text) {
    if (!at.known() || !told.insert(at).second)
      return;
    if (size_t(id) < kMaxRelated)
      location(at, function, text, ++id);
    else
      ++cut;
  };
  auto tellAll = [&](const std::vector<Participant> &participants) {
    for (size_t p = 0; p < participants.size(); ++p)
      for (size_t i = 0; i < participants[p].steps.size(); ++i) {
        const Step &s = participants[p].steps[i];
        const std::string &name = participants[p].name;
        if (s.kind != StepKind::Call)
          tell(s.location, s.function,
               (name.empty() ? "" : name + ": ") + describeStep(f, participants, p, i));
      }
  };
  json.attributeArray("relatedLocations", [&] {
    tellAll(f.participants);
    tellAll({{"", f.related}});
    for (const Subject &s : f.subjects)
      tell(s.declaration, "", (s.name.empty() ? s.key : s.name) + " is declared here");
    for (const auto &alternative : f.alternatives)
      tellAll(alternative);
  });
}

/// SARIF's suggested words for threadFlowLocation.kinds, behind our own.
static StringRef sarifKind(StepKind kind) {
  switch (kind) {
  case StepKind::Acquire:
  case StepKind::Request:
  case StepKind::Release:
    return "lock";
  case StepKind::Call:
  case StepKind::Spawn:
    return "function";
  case StepKind::Read:
  case StepKind::Write:
    return "memory";
  case StepKind::Exit:
  case StepKind::Destroy:
    return "scope";
  default:
    return "resource";
  }
}

void SarifWriter::stack(const std::vector<Frame> &frames) {
  json.attributeObject("stack", [&] {
    json.attributeArray("frames", [&] {
      for (const Frame &frame : llvm::ArrayRef(frames).take_front(kMaxFrames))
        json.object([&] {
          json.attributeBegin("location");
          location(frame.location, frame.function, "");
          json.attributeEnd();
          if (!frame.module.empty())
            json.attribute("module", validUtf8(frame.module));
          if (frame.offset)
            json.attributeObject("properties", [&] { json.attribute("offset", frame.offset); });
        });
    });
  });
  if (frames.size() > kMaxFrames)
    cut += frames.size() - kMaxFrames;
}

void SarifWriter::step(const Finding &f, const std::vector<Participant> &participants, size_t participant,
                       size_t index) {
  const Step &s = participants[participant].steps[index];
  json.object([&] {
    json.attributeBegin("location");
    location(s.location, s.function, describeStep(f, participants, participant, index));
    json.attributeEnd();
    json.attributeArray("kinds", [&] {
      json.value(stepName(s.kind));
      json.value(sarifKind(s.kind));
    });
    json.attribute("importance", isOperation(s.kind) ? "essential" : "important");
    if (!s.stack.empty())
      stack(s.stack);
    json.attributeObject("properties", [&] {
      if (s.subject >= 0)
        json.attribute("subject", s.subject);
      if (s.mode == Mode::Shared)
        json.attribute("mode", "shared");
      if (!s.note.empty())
        json.attribute("note", validUtf8(s.note));
    });
  });
}

void SarifWriter::codeFlow(const Finding &f, const std::vector<Participant> &participants, StringRef text) {
  json.object([&] {
    message("message", text);
    json.attributeArray("threadFlows", [&] {
      for (size_t p = 0; p < participants.size(); ++p)
        json.object([&] {
          const Participant &who = participants[p];
          json.attribute("id", std::to_string(p + 1));
          if (!who.name.empty())
            message("message", who.name);
          json.attributeArray("locations", [&] {
            for (size_t i = 0; i < std::min(who.steps.size(), kMaxSteps); ++i)
              step(f, participants, p, i);
          });
          if (who.steps.size() > kMaxSteps)
            cut += who.steps.size() - kMaxSteps;
        });
    });
  });
}

void SarifWriter::codeFlows(const Finding &f) {
  auto hasSteps = [](const std::vector<Participant> &list) {
    return !list.empty() && llvm::all_of(list, [](const Participant &p) { return !p.steps.empty(); });
  };
  if (!hasSteps(f.participants))
    return;
  json.attributeArray("codeFlows", [&] {
    codeFlow(f, f.participants, "how it comes about");
    size_t total = std::max<size_t>(f.alternativesTotal, f.alternatives.size());
    for (size_t i = 0; i < f.alternatives.size(); ++i)
      if (hasSteps(f.alternatives[i]))
        codeFlow(f, f.alternatives[i],
                 "further site " + std::to_string(i + 1) + " of " + std::to_string(total));
  });
}

void SarifWriter::properties(const Finding &f) {
  json.attributeObject("properties", [&] {
    json.attribute("evidence", evidenceName(f.evidence));
    JsonWriter writer(json);
    writer("inSource", f.inSource);
    writer("reason", f.reason);
    writer("subjects", f.subjects);
    writer("factors", f.factors);
    writer("related", f.related);
    if (f.alternativesTotal)
      json.attribute("alternativesTotal", f.alternativesTotal);
  });
}

void SarifWriter::finding(const Finding &f) {
  json.object([&] {
    json.attribute("ruleId", f.rule);
    if (int index = ruleIndex(f.rule); index >= 0)
      json.attribute("ruleIndex", index);
    if (f.hint)
      json.attribute("kind", "informational");
    json.attribute("level", levelName(f.hint ? Level::None : f.level));
    message("message", f.message);
    json.attributeArray("locations", [&] {
      const Step *s = primaryStep(f);
      if (!f.location.file.empty())
        location(f.location, s ? s->function : "", "", 0, /*excerpt=*/true);
    });
    related(f);
    codeFlows(f);
    fingerprints(f);
    json.attribute("rank", 100 * f.rank());
    if (const Rule *r = findRule(f.rule))
      json.attributeArray("taxa", [&] {
        json.object([&] {
          json.attribute("id", std::to_string(r->cwe));
          json.attributeObject("toolComponent", [&] {
            json.attribute("name", "CWE");
            json.attribute("index", 0);
          });
        });
      });
    if (!f.suppressions.empty())
      json.attributeArray("suppressions", [&] {
        for (const Suppression &s : f.suppressions)
          json.object([&] {
            json.attribute("kind", s.kind);
            json.attribute("justification", validUtf8(s.justification));
          });
      });
    if (f.baseline != BaselineState::None)
      json.attribute("baselineState", baselineName(f.baseline));
    properties(f);
  });
}

void SarifWriter::write() {
  json.object([&] {
    json.attribute("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    json.attribute("version", "2.1.0");
    json.attributeArray("runs", [&] {
      json.object([&] {
        tool();
        taxonomies();
        json.attribute("columnKind", "utf16CodeUnits");
        if (!root.empty())
          json.attributeObject("originalUriBaseIds", [&] {
            json.attributeObject("%SRCROOT%", [&] { json.attribute("uri", toUri(root) + "/"); });
          });
        json.attributeArray("results", [&] {
          for (const Finding &f : llvm::ArrayRef(result.findings).take_front(kMaxResults))
            finding(f);
        });
        if (result.findings.size() > kMaxResults)
          cut += result.findings.size() - kMaxResults;
        invocation(); // behind the results: it tells what was cut from them
        artifacts();
      });
    });
  });
}

void report::writeSarif(const Result &result, const Options &options, llvm::raw_ostream &os) {
  SarifWriter(result, options, os).write();
  os << '\n';
}
