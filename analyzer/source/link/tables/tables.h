// SPDX-License-Identifier: MIT
//
// All rows, by pattern. Rows of one pattern are tried in order, the first whose overload conditions hold is
// meant; rows that a user added come before the built-in ones.
#ifndef GORDIAN_SOURCE_LINK_TABLES_TABLES_H
#define GORDIAN_SOURCE_LINK_TABLES_TABLES_H

#include "source/ir/ir.h"
#include "source/link/tables/row.h"

#include <memory>
#include <string_view>
#include <unordered_map>

namespace gordian::link {

class Tables {
public:
  explicit Tables(std::vector<Row> userRows = {});

  /// The first row of this name, null if there is none.
  const Row *findByName(std::string_view pattern) const;
  /// The row for `f` of `unit`, null if there is none. The pointer lives as long as the tables.
  const Row *find(const ir::Unit &unit, const ir::Function &f) const;

private:
  std::vector<Row> rows;
  std::unordered_map<std::string_view, std::vector<const Row *>> byPattern;
};

/// `pattern` without the inline namespaces of the standard libraries ("std::_V2::", "std::__cxx11::",
/// "std::__1::").
std::string publicName(std::string_view pattern);

} // namespace gordian::link

#endif
