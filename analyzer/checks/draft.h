// SPDX-License-Identifier: MIT
//
// Draft: a finding in the making. Turns locks into subjects, witnesses into steps, and decides at the end
// whether the finding is shown: findings made of internal locks only are dropped and counted, those below the
// rank cut are hints, hints are dropped unless asked for.
#ifndef GORDIAN_CHECKS_DRAFT_H
#define GORDIAN_CHECKS_DRAFT_H

#include "checks/checks.h"

namespace gordian::checks {

class Draft {
public:
  Draft(const facts::Facts &f, const char *rule);

  /// The index of a subject, added at its first use. Locks come first: add them before others.
  int lock(facts::LockId id);
  int subject(const Subject &s);

  /// The steps of a witness, with lock numbers turned into subjects of this finding. The last step, the
  /// operation, gets the given kind, subject and mode; `note` is added to it where it has none.
  std::vector<Step> steps(const std::vector<Step> &witness, StepKind kind, int subject,
                          Mode mode = Mode::Exclusive, const std::string &note = "") const;
  /// The same, appended to a participant; steps that it ends with already are not repeated.
  void append(Participant &p, const std::vector<Step> &witness, StepKind kind, int subject,
              Mode mode = Mode::Exclusive, const std::string &note = "") const;
  /// A held lock's acquisition.
  void append(Participant &p, const facts::Held &held) const;

  /// Appends to the result, or counts why not. Sets the finding's location from the last step of the last
  /// participant where it has none.
  void finish(const CheckOptions &options, CheckResult &result);

  Finding finding;

private:
  const facts::Facts &facts;
  std::vector<facts::LockId> locks; // by subject index; kNone: no lock
};

/// "`name`".
std::string quoted(const std::string &name);
/// A subject in a sentence: quoted, but for threads, which are named in words ("thread T2 (worker)").
std::string mention(const Subject &s);
/// A function for people: without parameters.
std::string functionName(const std::string &function);
/// "`a`", "`a` and `b`", "`a`, `b` and `c`", "`a`, `b`, `c`, `d` and 46 more"; each name once.
std::string listed(const std::vector<std::string> &names);
/// "two", "three" ... "nine", "10".
std::string counted(size_t n);
/// The function in which a held lock was taken; `otherwise` where the witness does not say.
std::string takenIn(const facts::Held &held, const std::string &otherwise);
/// Where the operation of a witness stands.
Location placeOf(const std::vector<Step> &witness);
/// "thread T2 (worker)" where the front end names its contexts, else the function.
std::string contextName(const facts::Facts &f, facts::ContextId context, const std::string &function);

} // namespace gordian::checks

#endif
