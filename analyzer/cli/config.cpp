// SPDX-License-Identifier: MIT
//
// The file is mapped by LLVM's YAML traits, which refuse unknown keys and name their line; what the traits
// cannot know (rules, globs, files) is checked as the command line checks it.
#include "cli/config.h"

#include "cli/selection.h"
#include "finding/glob.h"
#include "finding/suppressions.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/YAMLTraits.h"
#include "llvm/Support/raw_ostream.h"

using namespace gordian;
using namespace gordian::cli;
using facts::LockKind;
using link::Effect;
using link::Row;
using link::Success;
using link::Waits;
using llvm::StringRef;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

namespace {
using Names = std::vector<std::string>;

/// A lock type by its methods; one Row for each.
struct LockType {
  std::string type;
  LockKind kind = LockKind::Mutex;
  Names acquire, tryAcquire, release, acquireShared, tryAcquireShared, releaseShared;
};

struct RuleLevel {
  std::string rule, level;
};

struct File {
  std::vector<Row> functions;
  std::vector<LockType> locks;
  std::vector<RuleLevel> rules;
  Names exclude, suppressions;
};
} // namespace

LLVM_YAML_IS_SEQUENCE_VECTOR(Row)
LLVM_YAML_IS_SEQUENCE_VECTOR(LockType)

namespace llvm::yaml {

template <>
struct ScalarTraits<Effect> {
  static void output(const Effect &e, void *, raw_ostream &os) { os << link::nameOf(e); }
  static StringRef input(StringRef text, void *, Effect &e) {
    for (unsigned i = 0; i <= unsigned(Effect::Nothing); ++i)
      if (std::string_view(text) == link::nameOf(Effect(i))) {
        e = Effect(i);
        return "";
      }
    return "no such effect (docs/configuration.md lists them)";
  }
  static QuotingType mustQuote(StringRef) { return QuotingType::None; }
};

template <>
struct ScalarEnumerationTraits<Mode> {
  static void enumeration(IO &io, Mode &m) {
    io.enumCase(m, "exclusive", Mode::Exclusive);
    io.enumCase(m, "shared", Mode::Shared);
  }
};

template <>
struct ScalarEnumerationTraits<Waits> {
  static void enumeration(IO &io, Waits &w) {
    io.enumCase(w, "forever", Waits::Forever);
    io.enumCase(w, "timed", Waits::Timed);
    io.enumCase(w, "never", Waits::Never);
  }
};

template <>
struct ScalarEnumerationTraits<Success> {
  static void enumeration(IO &io, Success &s) {
    io.enumCase(s, "always", Success::Always);
    io.enumCase(s, "zero", Success::Zero);
    io.enumCase(s, "true", Success::True);
    io.enumCase(s, "negative", Success::Negative);
  }
};

template <>
struct ScalarEnumerationTraits<LockKind> {
  static void enumeration(IO &io, LockKind &k) {
    io.enumCase(k, "mutex", LockKind::Mutex);
    io.enumCase(k, "recursive", LockKind::RecursiveMutex);
    io.enumCase(k, "rwlock", LockKind::RwLock);
    io.enumCase(k, "writer-rwlock", LockKind::WriterRwLock);
    io.enumCase(k, "shared-mutex", LockKind::SharedMutex);
    io.enumCase(k, "spin", LockKind::Spin);
    io.enumCase(k, "semaphore", LockKind::Semaphore);
    io.enumCase(k, "once", LockKind::Once);
  }
};

template <>
struct MappingTraits<Row> {
  static void mapping(IO &io, Row &r) {
    io.mapRequired("name", r.pattern);
    io.mapRequired("does", r.effect);
    io.mapOptional("object", r.object);
    io.mapOptional("other", r.other);
    io.mapOptional("callee", r.callee);
    io.mapOptional("mode", r.mode);
    io.mapOptional("waits", r.waits);
    io.mapOptional("success", r.success);
    io.mapOptional("kind", r.kind);
    io.mapOptional("any-mode", r.anyMode);
    io.mapOptional("all", r.all);
    io.mapOptional("via-guard", r.viaGuard);
    io.mapOptional("parameters", r.arity);
  }
};

template <>
struct MappingTraits<LockType> {
  static void mapping(IO &io, LockType &l) {
    io.mapRequired("type", l.type);
    io.mapOptional("kind", l.kind);
    io.mapOptional("acquire", l.acquire);
    io.mapOptional("try-acquire", l.tryAcquire);
    io.mapOptional("release", l.release);
    io.mapOptional("acquire-shared", l.acquireShared);
    io.mapOptional("try-acquire-shared", l.tryAcquireShared);
    io.mapOptional("release-shared", l.releaseShared);
  }
};

template <>
struct CustomMappingTraits<std::vector<RuleLevel>> {
  static void inputOne(IO &io, StringRef key, std::vector<RuleLevel> &rules) {
    rules.push_back({key.str(), ""});
    io.mapRequired(key.str().c_str(), rules.back().level);
  }
  static void output(IO &, std::vector<RuleLevel> &) {}
};

template <>
struct MappingTraits<File> {
  static void mapping(IO &io, File &f) {
    io.mapOptional("functions", f.functions);
    io.mapOptional("locks", f.locks);
    io.mapOptional("rules", f.rules);
    io.mapOptional("exclude", f.exclude);
    io.mapOptional("suppressions", f.suppressions);
  }
};

} // namespace llvm::yaml

static llvm::Error problem(const llvm::Twine &text) {
  return llvm::createStringError(text);
}

/// The first of what YAML has to say: later ones mostly follow from it.
static void keepFirst(const llvm::SMDiagnostic &d, void *to) {
  auto &first = *static_cast<std::string *>(to);
  if (first.empty())
    first =
        (llvm::Twine(d.getLineNo()) + ":" + llvm::Twine(d.getColumnNo() + 1) + ": " + d.getMessage()).str();
}

static void addRows(const LockType &lock, std::vector<Row> &rows) {
  auto add = [&](const Names &methods, Effect effect, Mode mode, bool tries) {
    for (const std::string &method : methods) {
      Row row;
      row.pattern = lock.type + "::" + method;
      row.effect = effect;
      row.mode = mode;
      row.kind = lock.kind;
      row.waits = tries ? Waits::Never : Waits::Forever;
      row.success = tries ? Success::True : Success::Always;
      rows.push_back(std::move(row));
    }
  };
  add(lock.acquire, Effect::Acquire, Mode::Exclusive, false);
  add(lock.tryAcquire, Effect::Acquire, Mode::Exclusive, true);
  add(lock.release, Effect::Release, Mode::Exclusive, false);
  add(lock.acquireShared, Effect::Acquire, Mode::Shared, false);
  add(lock.tryAcquireShared, Effect::Acquire, Mode::Shared, true);
  add(lock.releaseShared, Effect::Release, Mode::Shared, false);
}

/// From the file's own words to those of the command line, each checked as there.
static llvm::Expected<Config> configOf(File file, const std::string &where) {
  Config config;
  config.path = where;
  config.rows = std::move(file.functions);
  for (const LockType &lock : file.locks)
    addRows(lock, config.rows);
  for (const RuleLevel &r : file.rules)
    config.rules.push_back(r.rule + "=" + r.level);
  if (llvm::Expected<Selection> s = Selection::parse(config.rules); !s)
    return s.takeError();
  config.excludes = std::move(file.exclude);
  for (const std::string &glob : config.excludes)
    if (llvm::Expected<Glob> g = Glob::createForPath(glob); !g)
      return g.takeError();
  for (const std::string &name : file.suppressions) {
    llvm::SmallString<256> full(name);
    fs::make_absolute(path::parent_path(where), full);
    if (auto rules = readSuppressions(std::string(full)); !rules)
      return rules.takeError();
    config.suppressions.push_back(std::string(full));
  }
  return config;
}

static std::string nearest(StringRef folder) {
  for (StringRef at = folder; !at.empty(); at = path::parent_path(at)) {
    llvm::SmallString<256> candidate(at);
    path::append(candidate, ".gordian.yaml");
    if (fs::exists(candidate))
      return std::string(candidate);
  }
  return "";
}

llvm::Expected<Config> cli::readConfig(const std::string &given, const std::string &folder) {
  std::string where = given.empty() ? nearest(folder) : given;
  if (where.empty())
    return Config();
  auto content = llvm::MemoryBuffer::getFile(where, /*IsText=*/true);
  if (!content)
    return problem("cannot read " + where + ": " + content.getError().message());
  llvm::SmallString<256> full(where);
  fs::make_absolute(full);
  File file;
  std::string wrong;
  llvm::yaml::Input input((*content)->getBuffer(), nullptr, keepFirst, &wrong);
  if (!(*content)->getBuffer().trim().empty())
    input >> file;
  if (input.error())
    return problem(where + ":" + (wrong.empty() ? "1:1: is not a mapping of keys" : wrong));
  llvm::Expected<Config> config = configOf(std::move(file), std::string(full));
  if (!config)
    return problem(where + ": " + llvm::toString(config.takeError()));
  config->text = (*content)->getBuffer().str();
  if (given.empty())
    llvm::errs() << "gordian: using " << where << '\n';
  return config;
}

void Config::addTo(OutputOptions &options) const {
  options.rules.insert(options.rules.begin(), rules.begin(), rules.end());
  options.excludes.insert(options.excludes.begin(), excludes.begin(), excludes.end());
  options.suppressions.insert(options.suppressions.begin(), suppressions.begin(), suppressions.end());
}
