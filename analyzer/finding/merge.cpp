// SPDX-License-Identifier: MIT
//
// Findings are compared by "sites": the file and line of every lock operation or access of their
// participants. Columns are left out since debug information often lacks them.
#include "finding/merge.h"

#include "finding/fingerprint.h"
#include "finding/rules.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

using namespace gordian;

namespace {

using Site = std::pair<std::string, unsigned>;
using Sites = std::set<Site>;
using ParticipantSites = std::set<Sites>; // one set for each participant

} // namespace

static Sites sitesOf(const Participant &p) {
  Sites sites;
  for (const Step &s : p.steps)
    if (isOperation(s.kind) && s.location.known())
      sites.insert({s.location.file, s.location.line});
  return sites;
}

static ParticipantSites sitesOf(const std::vector<Participant> &participants) {
  ParticipantSites all;
  for (const Participant &p : participants)
    all.insert(sitesOf(p));
  all.erase(Sites{});
  return all;
}

/// All sites of the finding itself, alternatives left out.
static Sites flatSites(const Finding &f) {
  Sites all;
  for (const Participant &p : f.participants)
    all.merge(sitesOf(p));
  return all;
}

static std::set<std::string> lockKeys(const Finding &f) {
  std::set<std::string> keys;
  for (const Subject &s : f.subjects)
    keys.insert(s.key.empty() ? s.name : s.key);
  return keys;
}

static std::set<std::string> functions(const Finding &f) {
  std::set<std::string> names;
  for (const Participant &p : f.participants)
    for (const Step &s : p.steps)
      if (isOperation(s.kind) && !s.function.empty())
        names.insert(functionKey(s.function));
  return names;
}

/// The number of `from`'s subject in `into`, added where it is new there.
static int adoptSubject(Finding &into, const Subject &subject) {
  auto it = llvm::find_if(into.subjects, [&](const Subject &s) {
    return s.key == subject.key && (!s.key.empty() || s.name == subject.name);
  });
  if (it != into.subjects.end())
    return int(it - into.subjects.begin());
  into.subjects.push_back(subject);
  return int(into.subjects.size()) - 1;
}

static void addAlternative(Finding &into, const Finding &from, std::vector<Participant> participants) {
  ParticipantSites sites = sitesOf(participants);
  auto known = [&](const std::vector<Participant> &p) { return sitesOf(p) == sites && !sites.empty(); };
  if (known(into.participants) || llvm::any_of(into.alternatives, known))
    return;
  ++into.alternativesTotal;
  if (into.alternatives.size() >= kMaxAlternatives)
    return;
  for (Participant &p : participants)
    for (Step &s : p.steps)
      if (s.subject >= 0 && size_t(s.subject) < from.subjects.size())
        s.subject = adoptSubject(into, from.subjects[s.subject]);
  into.alternatives.push_back(std::move(participants));
}

/// The one whose words the reader sees: static findings name locks and functions as the source does.
static bool tellsBetter(const Finding &a, const Finding &b) {
  auto key = [](const Finding &f) {
    return std::tuple(f.hint, f.evidence != Evidence::Static, -f.rank(), f.location, f.message);
  };
  return key(a) < key(b);
}

/// Puts what `from` knows into `into`: sites, edges, evidence, level, related places.
static void absorb(Finding &into, Finding from) {
  unsigned unseen =
      from.alternativesTotal - std::min<size_t>(from.alternativesTotal, from.alternatives.size());
  addAlternative(into, from, from.participants);
  for (const auto &alternative : from.alternatives)
    addAlternative(into, from, alternative);
  into.alternativesTotal += unseen;
  into.evidence = std::max(into.evidence, from.evidence);
  into.inSource = into.inSource || from.inSource;
  if (into.rule == from.rule)
    into.level = std::max(into.level, from.level);
  into.hint = into.hint && from.hint;
  into.edgeKeys.insert(into.edgeKeys.end(), from.edgeKeys.begin(), from.edgeKeys.end());
  llvm::sort(into.edgeKeys);
  into.edgeKeys.erase(std::unique(into.edgeKeys.begin(), into.edgeKeys.end()), into.edgeKeys.end());
}

static void fold(Finding &into, Finding from) {
  if (tellsBetter(from, into))
    std::swap(into, from);
  absorb(into, std::move(from));
}

static void mergeDuplicates(std::vector<Finding> &findings) {
  using SiteKey = std::tuple<std::string, bool, ParticipantSites>; // rule, from source, sites
  std::map<std::pair<std::string, std::string>, size_t> byFingerprint;
  std::map<SiteKey, size_t> bySites;
  std::vector<Finding> kept;
  for (Finding &f : findings) {
    auto fingerprint = std::pair(f.rule, f.fingerprint);
    bool fromSource = f.evidence == Evidence::Static;
    ParticipantSites sites = sitesOf(f.participants);
    size_t at = kept.size();
    if (auto it = byFingerprint.find(fingerprint); it != byFingerprint.end())
      at = it->second;
    else if (auto other = bySites.find({f.rule, !fromSource, sites});
             other != bySites.end() && !sites.empty())
      at = other->second;
    if (at == kept.size())
      kept.push_back(std::move(f));
    else
      fold(kept[at], std::move(f));
    byFingerprint.emplace(fingerprint, at);
    bySites.emplace(SiteKey(fingerprint.first, fromSource, std::move(sites)), at);
  }
  findings = std::move(kept);
}

// Precedence ------------------------------------------------------------------------------------------------

namespace {

/// What the precedence looks at, computed once for each finding.
struct Profile {
  std::set<std::string> locks, functions;
  Sites sites;                   // of all participants
  ParticipantSites participants; // of each
  explicit Profile(const Finding &f)
      : locks(lockKeys(f)), functions(::functions(f)), sites(flatSites(f)),
        participants(sitesOf(f.participants)) {}
};

struct Precedence {
  const char *winner, *loser;
  bool (*applies)(const Profile &winner, const Profile &loser);
};

} // namespace

static bool coversSites(const Profile &winner, const Profile &loser) {
  return !loser.sites.empty() && std::ranges::includes(winner.sites, loser.sites);
}

static bool sameLocksOrSites(const Profile &winner, const Profile &loser) {
  return winner.locks == loser.locks || coversSites(winner, loser);
}

/// A cycle that is closed by nothing but the re-acquired lock, or that runs through the re-acquisition
/// itself.
static bool cycleOfReacquired(const Profile &winner, const Profile &loser) {
  return sameLocksOrSites(winner, loser) || loser.participants.count(winner.sites) != 0;
}

/// The release that went wrong is why the lock is left held (or the other way round).
static bool sameLockAndFunction(const Profile &winner, const Profile &loser) {
  auto shared = [](const std::set<std::string> &a, const std::set<std::string> &b) {
    return llvm::any_of(a, [&](const std::string &x) { return b.count(x) != 0; });
  };
  return shared(winner.locks, loser.locks) && shared(winner.functions, loser.functions);
}

static constexpr Precedence kPrecedence[] = {
    {rule::Deadlock, rule::LockOrderInversion, sameLocksOrSites},
    {rule::Deadlock, rule::NonReentrantReacquire, sameLocksOrSites},
    {rule::Deadlock, rule::ConditionMisuse, coversSites},
    {rule::Deadlock, rule::BlockingUnderLock, coversSites},
    {rule::NonReentrantReacquire, rule::LockOrderInversion, cycleOfReacquired},
    {rule::ReleaseWithoutAcquire, rule::LockLeak, sameLockAndFunction},
    {rule::ConditionMisuse, rule::BlockingUnderLock, coversSites},
};

static void applyPrecedence(std::vector<Finding> &findings) {
  std::map<std::string, std::vector<size_t>> byRule;
  std::vector<Profile> profiles;
  for (size_t i = 0; i < findings.size(); ++i) {
    byRule[findings[i].rule].push_back(i);
    profiles.emplace_back(findings[i]);
  }
  std::vector<bool> gone(findings.size());
  for (const Precedence &p : kPrecedence)
    for (size_t l : byRule[p.loser])
      for (size_t w : byRule[p.winner]) {
        bool mayWin = !gone[w] && !gone[l] && (!findings[w].hint || findings[l].hint);
        if (!mayWin || !p.applies(profiles[w], profiles[l]))
          continue;
        absorb(findings[w], findings[l]);
        gone[l] = true;
      }
  size_t i = 0;
  llvm::erase_if(findings, [&](const Finding &) { return gone[i++]; });
}

void gordian::sortFindings(std::vector<Finding> &findings) {
  using Key = std::tuple<int, int, double, const Location &, const std::string &, const std::string &,
                         const std::string &>;
  auto key = [](const Finding &f) {
    return Key(-int(f.level), -int(f.evidence), -f.rank(), f.location, f.rule, f.fingerprint, f.message);
  };
  llvm::stable_sort(findings, [&](const Finding &a, const Finding &b) { return key(a) < key(b); });
}

void gordian::mergeFindings(std::vector<Finding> &findings) {
  for (Finding &f : findings) {
    f.hint = f.hint || f.level == Level::Note;
    f.inSource = f.inSource || f.evidence == Evidence::Static;
    f.alternativesTotal = std::max(f.alternativesTotal, unsigned(f.alternatives.size()));
    identify(f);
  }
  sortFindings(findings); // which duplicate comes first must not depend on the order of the inputs
  mergeDuplicates(findings);
  applyPrecedence(findings);
  sortFindings(findings);
}
