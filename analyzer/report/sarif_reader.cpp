// SPDX-License-Identifier: MIT
//
// Reads SARIF 2.1.0: our own without loss (but for columns behind non-ASCII characters and what was cut),
// other tools' as far as it maps. Lenient: what is missing or of another type is left at its default, since a
// baseline of an odd tool should still be one; only what is no SARIF 2.1.0 at all is an error.
#include "report/json_reader.h"

#include "finding/rules.h"
#include "report/json_writer.h"
#include "report/paths.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace gordian;
using namespace gordian::report;
using llvm::StringRef;
namespace json = llvm::json;

static std::string text(const json::Object *o, StringRef name) {
  auto s = o ? o->getString(name) : std::nullopt;
  return s ? s->str() : "";
}

static std::string messageText(const json::Object *o, StringRef name = "message") {
  return o ? text(o->getObject(name), "text") : "";
}

static unsigned number(const json::Object *o, StringRef name) {
  auto n = o ? o->getInteger(name) : std::nullopt;
  return n && *n > 0 && *n <= std::numeric_limits<int>::max() ? unsigned(*n) : 0;
}

/// Calls `f` with each object of a list member.
template <typename F>
static void each(const json::Object *o, StringRef name, F f) {
  const json::Array *list = o ? o->getArray(name) : nullptr;
  if (list)
    for (const json::Value &v : *list)
      if (const json::Object *item = v.getAsObject())
        f(*item);
}

namespace {

class SarifReader {
public:
  explicit SarifReader(const json::Object &r) : run(r) {}
  void read(Result &into);

private:
  Finding finding(const json::Object &o);
  void flows(const json::Object &o, Finding &f);
  Step step(const json::Object &threadFlowLocation);
  Location location(const json::Object *o);
  std::string path(const json::Object *artifactLocation, unsigned depth = 0);
  std::string baseFolder(StringRef id, unsigned depth);
  std::string ruleOf(const json::Object &o);
  static std::string functionOf(const json::Object *location);

  const json::Object &run;
};

} // namespace

// Places ----------------------------------------------------------------------------------------------------

std::string SarifReader::baseFolder(StringRef id, unsigned depth) {
  const json::Object *bases = run.getObject("originalUriBaseIds");
  const json::Object *base = bases ? bases->getObject(id) : nullptr;
  std::string folder = base && depth < 8 ? path(base, depth + 1) : "";
  // Written on another machine: the same tree is then most likely here.
  if (folder.empty() || !llvm::sys::fs::is_directory(folder))
    return currentFolder();
  return folder;
}

std::string SarifReader::path(const json::Object *at, unsigned depth) {
  std::string uri = text(at, "uri");
  if (uri.empty() && at && at->getInteger("index")) {
    const json::Array *artifacts = run.getArray("artifacts");
    size_t index = size_t(*at->getInteger("index"));
    const json::Object *artifact =
        artifacts && index < artifacts->size() ? (*artifacts)[index].getAsObject() : nullptr;
    at = artifact ? artifact->getObject("location") : nullptr;
    uri = text(at, "uri");
  }
  if (uri.empty())
    return "";
  llvm::SmallString<256> file = StringRef(fromUri(uri));
  if (!llvm::sys::path::is_absolute(file)) {
    llvm::SmallString<256> whole = StringRef(baseFolder(text(at, "uriBaseId"), depth));
    llvm::sys::path::append(whole, file);
    file = whole;
  }
  llvm::sys::path::remove_dots(file, /*remove_dot_dot=*/true);
  return file.str().str();
}

Location SarifReader::location(const json::Object *o) {
  const json::Object *physical = o ? o->getObject("physicalLocation") : nullptr;
  const json::Object *region = physical ? physical->getObject("region") : nullptr;
  Location at;
  if (physical)
    at.file = path(physical->getObject("artifactLocation"));
  at.line = number(region, "startLine");
  at.column = number(region, "startColumn");
  return at;
}

std::string SarifReader::functionOf(const json::Object *o) {
  std::string name;
  each(o, "logicalLocations", [&](const json::Object &logical) {
    if (name.empty())
      name = text(&logical, "fullyQualifiedName");
    if (name.empty())
      name = text(&logical, "name");
  });
  return name;
}

// Results ---------------------------------------------------------------------------------------------------

std::string SarifReader::ruleOf(const json::Object &o) {
  std::string id = text(&o, "ruleId");
  if (id.empty())
    id = text(o.getObject("rule"), "id");
  const json::Object *tool = run.getObject("tool");
  const json::Object *driver = tool ? tool->getObject("driver") : nullptr;
  const json::Array *rules = driver ? driver->getArray("rules") : nullptr;
  if (id.empty() && rules && o.getInteger("ruleIndex")) {
    size_t index = size_t(*o.getInteger("ruleIndex"));
    id = index < rules->size() ? text((*rules)[index].getAsObject(), "id") : "";
  }
  return id;
}

/// The first of our own step names among the kinds; another tool's step is a call.
static StepKind stepKind(const json::Object &o) {
  if (const json::Array *kinds = o.getArray("kinds"))
    for (const json::Value &kind : *kinds)
      if (auto name = kind.getAsString())
        if (auto parsed = parseStep(*name))
          return *parsed;
  return StepKind::Call;
}

Step SarifReader::step(const json::Object &o) {
  const json::Object *where = o.getObject("location");
  if (const json::Array *table = run.getArray("threadFlowLocations");
      !where && table && o.getInteger("index")) {
    size_t index = size_t(*o.getInteger("index"));
    const json::Object *shared = index < table->size() ? (*table)[index].getAsObject() : nullptr;
    where = shared ? shared->getObject("location") : nullptr;
  }
  Step s;
  s.kind = stepKind(o);
  s.location = location(where);
  s.function = functionOf(where);
  const json::Object *properties = o.getObject("properties");
  if (properties) {
    if (auto subject = properties->getInteger("subject"))
      s.subject = int(*subject);
    s.mode = text(properties, "mode") == "shared" ? Mode::Shared : Mode::Exclusive;
    s.note = text(properties, "note");
  } else {
    s.note = messageText(where);
  }
  each(o.getObject("stack"), "frames", [&](const json::Object &frame) {
    Frame f;
    f.location = location(frame.getObject("location"));
    f.function = functionOf(frame.getObject("location"));
    f.module = text(&frame, "module");
    if (const json::Object *p = frame.getObject("properties"))
      f.offset = uint64_t(p->getInteger("offset").value_or(0));
    s.stack.push_back(std::move(f));
  });
  return s;
}

void SarifReader::flows(const json::Object &o, Finding &f) {
  bool first = true;
  each(&o, "codeFlows", [&](const json::Object &flow) {
    std::vector<Participant> participants;
    each(&flow, "threadFlows", [&](const json::Object &thread) {
      Participant p;
      p.name = messageText(&thread);
      each(&thread, "locations", [&](const json::Object &at) { p.steps.push_back(step(at)); });
      participants.push_back(std::move(p));
    });
    if (first)
      f.participants = std::move(participants);
    else
      f.alternatives.push_back(std::move(participants));
    first = false;
  });
}

/// The property bag is our own JSON; where it is not, it is another tool's and says nothing to us.
static void readProperties(const json::Object &properties, Finding &f) {
  if (auto evidence = parseEvidence(text(&properties, "evidence")))
    f.evidence = *evidence;
  f.alternativesTotal = number(&properties, "alternativesTotal");
  json::Object wrapped, one;
  for (const char *name : {"subjects", "factors", "related", "inSource", "reason"})
    if (const json::Value *v = properties.get(name))
      one[name] = *v;
  wrapped["gordian"] = json::Object{{"schema", kJsonSchema}};
  wrapped["findings"] = json::Array{std::move(one)};
  llvm::Expected<Result> read = readJson(wrapped);
  if (!read)
    return llvm::consumeError(read.takeError());
  f.subjects = std::move(read->findings[0].subjects);
  f.factors = std::move(read->findings[0].factors);
  f.inSource = read->findings[0].inSource;
  f.reason = std::move(read->findings[0].reason);
  f.related = std::move(read->findings[0].related);
}

static void readFingerprints(const json::Object &o, Finding &f) {
  const json::Object *prints = o.getObject("partialFingerprints");
  if (!prints)
    return;
  f.fingerprint = text(prints, "gordian/v1");
  for (const auto &[name, value] : *prints)
    if (StringRef(name).starts_with("gordian/edge/v1/") && value.getAsString())
      f.edgeKeys.push_back(value.getAsString()->str());
  llvm::sort(f.edgeKeys);
}

Finding SarifReader::finding(const json::Object &o) {
  Finding f;
  f.rule = ruleOf(o);
  const Rule *rule = findRule(f.rule);
  f.level = parseLevel(text(&o, "level")).value_or(rule ? rule->level : Level::Warning);
  if (text(&o, "kind") == "informational") {
    f.hint = true;
    f.level = Level::Note;
  }
  f.message = messageText(&o);
  bool first = true;
  each(&o, "locations", [&](const json::Object &at) {
    if (first)
      f.location = location(&at);
    first = false;
  });
  flows(o, f);
  readFingerprints(o, f);
  each(&o, "suppressions", [&](const json::Object &s) {
    if (text(&s, "status") != "rejected" && text(&s, "status") != "underReview")
      f.suppressions.push_back({text(&s, "kind"), text(&s, "justification")});
  });
  f.baseline = parseBaseline(text(&o, "baselineState")).value_or(BaselineState::None);
  if (const json::Object *properties = o.getObject("properties"))
    readProperties(*properties, f);
  return f;
}

void SarifReader::read(Result &into) {
  each(&run, "invocations", [&](const json::Object &o) {
    into.successful &= o.getBoolean("executionSuccessful").value_or(true);
    if (into.commandLine.empty())
      into.commandLine = text(&o, "commandLine");
    if (const json::Object *folder = o.getObject("workingDirectory"); folder && into.workingDirectory.empty())
      into.workingDirectory = StringRef(path(folder)).rtrim('/');
    each(&o, "toolExecutionNotifications", [&](const json::Object &n) {
      Notification notification;
      notification.level = parseLevel(text(&n, "level")).value_or(Level::Warning);
      notification.message = messageText(&n);
      each(&n, "locations", [&](const json::Object &at) { notification.location = location(&at); });
      into.notifications.push_back(std::move(notification));
    });
  });
  each(&run, "results", [&](const json::Object &o) {
    // "pass", "notApplicable", "open" are no findings; what is absent was one.
    std::string kind = text(&o, "kind");
    if (text(&o, "baselineState") == "absent")
      return;
    if (kind.empty() || kind == "fail" || kind == "informational" || kind == "review")
      into.findings.push_back(finding(o));
  });
}

llvm::Expected<Result> report::readSarif(const json::Object &document) {
  std::string version = text(&document, "version");
  if (version != "2.1.0")
    return llvm::createStringError("is SARIF " + (version.empty() ? "of no version" : version) +
                                   "; only 2.1.0 can be read");
  const json::Array *runs = document.getArray("runs");
  if (!runs)
    return llvm::createStringError("runs is not a list");
  Result result;
  for (const json::Value &run : *runs)
    if (const json::Object *o = run.getAsObject())
      SarifReader(*o).read(result);
  return result;
}
