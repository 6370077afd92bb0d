// SPDX-License-Identifier: MIT
//
// The finding: what both front ends end in and all reports start from. Plain data, no text formatting, no
// I/O.
//
// A Finding belongs to one rule and one set of locks. It has participants (the threads or lock-order edges
// that take part), each a list of steps in the order in which they happen; a step names its place and the
// frames from the function that matters down to the primitive. Everything a report prints is in here: a
// writer adds no knowledge.
#ifndef GORDIAN_FINDING_FINDING_H
#define GORDIAN_FINDING_FINDING_H

#include <cstdint>
#include <string>
#include <vector>

namespace gordian {

enum class Level { None, Note, Warning, Error };

/// How sure a finding is. Static: some schedule of the source. Observed: it happened in a run (both edges of
/// a cycle were seen). Predicted: proved for the recorded run by a sound reordering. Confirmed: it did block.
enum class Evidence { Static, Observed, Predicted, Confirmed };

enum class Mode { Exclusive, Shared };

/// A place in a source file. `file` is absolute and normalised; empty where unknown. Lines and columns count
/// from 1; 0 is unknown.
struct Location {
  std::string file;
  unsigned line = 0;
  unsigned column = 0;
  bool known() const { return !file.empty() && line != 0; }
  friend bool operator==(const Location &, const Location &) = default;
  friend auto operator<=>(const Location &, const Location &) = default;
};

/// One frame of a call stack or call path. Where no source is known, module and offset (from the module's
/// load address) stand in.
struct Frame {
  std::string function;
  Location location;
  std::string module;
  uint64_t offset = 0;
  friend bool operator==(const Frame &, const Frame &) = default;
};

/// A lock (or condition variable, semaphore, thread, variable ...) as a person names it.
struct Subject {
  std::string name;     // "Cache::mutex_", "g_table_lock", "bus->lock"
  std::string key;      // stable across lines and machines: what fingerprints are made of
  std::string kind;     // "std::mutex", "pthread rwlock (prefers writers)", "int"
  Location declaration; // where it is declared, initialised or created
};

enum class StepKind {
  Acquire, // takes `subject`
  Request, // asks for `subject` and (may) wait
  Release, // gives `subject` back
  Wait,    // waits on a condition, semaphore, future, barrier
  Notify,  // signals, posts, sets
  Join,    // waits for a thread
  Spawn,   // creates a thread
  Call,    // a call on the way (no lock operation of its own)
  Read,
  Write,
  Exit,    // leaves the scope that should have released: return, throw, thread or process exit
  Destroy, // ends the life of `subject`
  Declare, // where something is declared
};

/// One thing that a participant does. `stack` is innermost first: stack[0] is the primitive's caller as the
/// reader should see it (not a guard's member, not a system header), later frames lead to the participant's
/// root.
struct Step {
  StepKind kind = StepKind::Call;
  int subject = -1; // index into Finding::subjects, -1: none
  Mode mode = Mode::Exclusive;
  Location location;
  std::string function;     // the function that contains `location`
  std::vector<Frame> stack; // call stack or call path; may be empty: then location and function are all
  std::string note;         // one clause to add: "while holding A", "in a loop"
};

/// A thread, or an edge of the lock-order graph, with what it does.
struct Participant {
  std::string name; // "thread T2 (worker)", "Cache::store -> Index::add"
  std::vector<Step> steps;
};

/// A factor of the ranking, printed with --explain-ranking; `weight` in (0, 1].
struct Factor {
  std::string name;
  double weight = 1;
};

struct Suppression {
  std::string kind; // "inSource" or "external" (SARIF's words)
  std::string justification;
};

enum class BaselineState { None, New, Unchanged, Updated, Absent };

struct Finding {
  std::string rule; // id from rules.def
  Level level = Level::Warning;
  bool hint = false; // shown with --notes only; set where a check gives level Note
  Evidence evidence = Evidence::Static;
  bool inSource = false;         // found in the source, besides what `evidence` says
  std::string message;           // one sentence, names locks by source names and functions
  std::vector<Subject> subjects; // locks first, in the order in which the message names them
  std::vector<Participant> participants;
  /// Other sites of the same defect, at most 8 kept; `alternativesTotal` counts all.
  std::vector<std::vector<Participant>> alternatives;
  unsigned alternativesTotal = 0;
  Location location;         // SARIF locations[0]: the acquisition that closes the cycle
  std::vector<Step> related; // further places named by the message and in no participant
  std::string reason;        // why the participants can be at work at one time, a clause; may be empty
  std::vector<Factor> factors;
  std::vector<std::string> edgeKeys;     // one stable key for each edge of a cycle
  std::string fingerprint;               // set by fingerprint(): rule + subject keys + function names
  std::vector<Suppression> suppressions; // not empty: suppressed
  BaselineState baseline = BaselineState::None;

  double rank() const {
    double r = 1;
    for (const Factor &f : factors)
      r *= f.weight;
    return r;
  }
};

/// Something that the tool says about its own work: a unit that does not parse, records lost, a file skipped.
struct Notification {
  Level level = Level::Warning;
  std::string message;
  Location location; // may be unknown
};

/// All that one invocation found.
struct Result {
  std::vector<Finding> findings;
  std::vector<Notification> notifications;
  bool successful = true; // SARIF invocations[].executionSuccessful
  std::string commandLine;
  std::string workingDirectory;
};

} // namespace gordian

#endif
