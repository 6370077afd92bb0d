// SPDX-License-Identifier: MIT
//
// The JSON form of the finding model: ONE list of members for each type, used by the writer (json.cpp), the
// reader (json_reader.cpp) and the HTML page's data (html.cpp), so that what is written is what is read.
//
// An archive is called as archive("member", field) for each. Members that have their default value are not
// written and need not be there.
#ifndef GORDIAN_REPORT_JSON_FIELDS_H
#define GORDIAN_REPORT_JSON_FIELDS_H

#include "finding/finding.h"

#include <concepts>
#include <type_traits>

namespace gordian::report {

/// Raised when a reader of the old version would misunderstand; new members alone do not raise it.
constexpr int kJsonSchema = 1;

/// T or const T: the same list serves reading and writing.
template <typename X, typename T>
concept Either = std::same_as<std::remove_const_t<X>, T>;

template <typename A, Either<Location> T>
void fields(A &archive, T &x) {
  archive("file", x.file);
  archive("line", x.line);
  archive("column", x.column);
}

template <typename A, Either<Frame> T>
void fields(A &archive, T &x) {
  archive("function", x.function);
  archive("location", x.location);
  archive("module", x.module);
  archive("offset", x.offset);
}

template <typename A, Either<Subject> T>
void fields(A &archive, T &x) {
  archive("name", x.name);
  archive("key", x.key);
  archive("kind", x.kind);
  archive("declaration", x.declaration);
}

template <typename A, Either<Step> T>
void fields(A &archive, T &x) {
  archive("kind", x.kind);
  archive("subject", x.subject);
  archive("mode", x.mode);
  archive("location", x.location);
  archive("function", x.function);
  archive("stack", x.stack);
  archive("note", x.note);
}

template <typename A, Either<Participant> T>
void fields(A &archive, T &x) {
  archive("name", x.name);
  archive("steps", x.steps);
}

template <typename A, Either<Factor> T>
void fields(A &archive, T &x) {
  archive("name", x.name);
  archive("weight", x.weight);
}

template <typename A, Either<Suppression> T>
void fields(A &archive, T &x) {
  archive("kind", x.kind);
  archive("justification", x.justification);
}

template <typename A, Either<Finding> T>
void fields(A &archive, T &x) {
  archive("rule", x.rule);
  archive("level", x.level);
  archive("hint", x.hint);
  archive("evidence", x.evidence);
  archive("inSource", x.inSource);
  archive("message", x.message);
  archive("fingerprint", x.fingerprint);
  archive("location", x.location);
  archive("subjects", x.subjects);
  archive("participants", x.participants);
  archive("alternatives", x.alternatives);
  archive("alternativesTotal", x.alternativesTotal);
  archive("related", x.related);
  archive("reason", x.reason);
  archive("factors", x.factors);
  archive("edgeKeys", x.edgeKeys);
  archive("suppressions", x.suppressions);
  archive("baseline", x.baseline);
}

template <typename A, Either<Notification> T>
void fields(A &archive, T &x) {
  archive("level", x.level);
  archive("message", x.message);
  archive("location", x.location);
}

template <typename A, Either<Result> T>
void fields(A &archive, T &x) {
  archive("successful", x.successful);
  archive("commandLine", x.commandLine);
  archive("workingDirectory", x.workingDirectory);
  archive("findings", x.findings);
  archive("notifications", x.notifications);
}

} // namespace gordian::report

#endif
