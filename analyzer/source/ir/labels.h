// SPDX-License-Identifier: MIT
//
// Labels: how the text form names table entries. A label is the entry's own name; where that is taken or
// empty, the ordinal is added after '#'. `stripped` undoes that, so that the name need not be written a
// second time.
#ifndef GORDIAN_SOURCE_IR_LABELS_H
#define GORDIAN_SOURCE_IR_LABELS_H

#include "source/ir/ir.h"

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace gordian::ir {

inline std::string_view stripped(std::string_view label) {
  size_t hash = label.rfind('#');
  if (hash == std::string_view::npos || hash + 1 == label.size() ||
      label.find_first_not_of("0123456789", hash + 1) != std::string_view::npos)
    return label;
  return label.substr(0, hash);
}

/// One label for each entry of `table`, distinct; `nameOf(entry)` is the wish.
template <class T, class F>
std::vector<std::string> makeLabels(const std::vector<T> &table, F nameOf) {
  std::vector<std::string> labels;
  std::unordered_set<std::string> taken;
  labels.reserve(table.size());
  for (const T &entry : table) {
    std::string label(nameOf(entry));
    for (size_t n = labels.size(); label.empty() || !taken.insert(label).second; ++n)
      label = std::string(nameOf(entry)) + "#" + std::to_string(n);
    labels.push_back(std::move(label));
  }
  return labels;
}

/// Whether `label` may stand without quotes after '@' or '$'.
inline bool isBareLabel(std::string_view label) {
  return !label.empty() && label.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                                   "0123456789_:~#") == std::string_view::npos;
}

/// Whether a field may be named in a path; otherwise its number stands there.
inline bool isIdentifier(std::string_view s) {
  return !s.empty() && !(s[0] >= '0' && s[0] <= '9') &&
         s.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") ==
             std::string_view::npos;
}

/// Position of the field that a path names `label` ("n" or "#3"), kNone if there is none.
inline Id findField(const Class &c, std::string_view label) {
  for (Id n = 0; n < c.fields.size(); ++n)
    if (c.fields[n].name == label)
      return n;
  return kNone;
}

} // namespace gordian::ir

#endif
