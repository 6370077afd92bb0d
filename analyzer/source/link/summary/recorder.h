// SPDX-License-Identifier: MIT
//
// Collects a function's events and the lists of its summary, in the last pass over its blocks, when the
// states are stable. Off before that. The same event of several states is kept once.
#ifndef GORDIAN_SOURCE_LINK_SUMMARY_RECORDER_H
#define GORDIAN_SOURCE_LINK_SUMMARY_RECORDER_H

#include "source/link/summary/context.h"

#include <unordered_map>

namespace gordian::link {

uint64_t mixed(uint64_t a, uint64_t b);
/// By which events are known to be the same: those of two kinds must not have one key.
uint64_t eventKey(int tag, uint32_t site, uint64_t identity, const std::vector<HeldHere> &held,
                  bool doubtful);

/// What holds of the path at the place of a request.
struct Surroundings {
  std::vector<Atom> atoms;   // what the caller can tell of the path here
  std::vector<Sym> released; // locks of the caller that are not held any more
  bool ownerChecked = false;
  bool anyHeld = false; // a lock, for sure or not
};

class Recorder {
public:
  Recorder(Context &c, const Frame &f) : context(c), frame(f) {}

  bool on = false;
  FunctionEvents events;
  std::vector<Request> requests;
  std::vector<BlockingWait> waits;
  std::vector<CallbackCall> callbacks;
  /// What the fields of closures that are made here are given first.
  Captures captures;

  void clear();

  /// Fills what all events have in common and takes it, unless the same was there before. `identity` is what
  /// makes the event differ from others at its site, beside the locks that are held.
  template <class E>
  bool add(std::vector<E> &list, E event, const State &s, uint32_t site, uint64_t identity) {
    event.site = site;
    event.doubt = s.doubt;
    event.blurred = s.blurred;
    if (event.witness == kNone)
      event.witness = context.witnesses.add(frame.id, site);
    event.params = paramAtoms(s);
    addReleased(event.released, s);
    // A function that waits by itself is asked only whether it took the mutex, which the first way says.
    if (E::kTag != WaitEvent::kTag)
      identity = withReleased(identity, event.released);
    auto [known, isNew] =
        seen.try_emplace(eventKey(E::kTag, site, identity, event.held, event.doubt != kNoSym), list.size());
    if (!isNew) {
      // Once for all paths: only what holds on all of them is known.
      intersect(list[known->second].params, event.params);
      list[known->second].blurred = list[known->second].blurred && s.blurred;
      return false;
    }
    event.threads = threadSet(s.threads);
    list.push_back(std::move(event));
    return true;
  }

  /// `r.witness` is the callee's; `made`: the witness that leads to it from here, kNone: not made yet.
  void request(Request r, uint32_t site, WitnessId made);
  /// The first request that is `r` but for its conditions, once the surroundings are added to it; or null.
  const Request *firstLike(const Request &r, const Surroundings &around, bool doubtful) const;
  void wait(BlockingWait w);
  void callback(CallbackCall c);

private:
  static void addReleased(std::vector<Sym> &released, const State &s);
  static uint64_t withReleased(uint64_t identity, const std::vector<Sym> &released);
  std::vector<Atom> paramAtoms(const State &s) const;
  static void intersect(std::vector<Atom> &a, const std::vector<Atom> &b);
  uint32_t threadSet(const std::vector<LiveThread> &threads);

  Context &context;
  const Frame &frame;
  std::vector<Sym> plainPaths;               // by request: its path, versions apart
  std::unordered_map<uint64_t, size_t> seen; // index in the list of its kind
};

} // namespace gordian::link

#endif
