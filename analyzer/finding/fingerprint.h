// SPDX-License-Identifier: MIT
//
// Fingerprints: what makes a finding of today the finding of last month, although lines have moved.
//
// A fingerprint is made of the rule, the stable keys of the locks and, for the rules whose every site is a
// defect of its own (Identity::Site), the function; never of lines, paths, addresses, thread numbers or
// message text. The edges of a cycle have keys of their own (locks held and asked for, function), so that a
// new edge in a known cycle shows as new although the set of locks is known.
//
// Errs: two leaks of one lock in one function are one finding (may miss the second); renaming a function or a
// lock makes its findings new.
#ifndef GORDIAN_FINDING_FINGERPRINT_H
#define GORDIAN_FINDING_FINGERPRINT_H

#include "finding/finding.h"

#include "llvm/ADT/StringRef.h"

namespace gordian {

/// A function's name without parameters, template arguments, return type and compiler suffixes, so that the
/// static and the dynamic front end and two compilers agree.
std::string functionKey(llvm::StringRef name);

/// The step that stands at the finding's own location; else the last step of the first participant; null
/// where the finding has no step.
const Step *primaryStep(const Finding &f);

std::string fingerprintOf(const Finding &f);

/// The key of one participant of `f` as an edge; empty where it holds nothing or asks for nothing.
std::string edgeKeyOf(const Finding &f, const Participant &p);

/// Sets the fingerprint where it is empty, and adds the edge keys of all participants and alternatives.
void identify(Finding &f);

/// True for the steps that are lock operations or accesses themselves; false for calls, spawns and
/// declarations, which only lead there.
bool isOperation(StepKind kind);

} // namespace gordian

#endif
