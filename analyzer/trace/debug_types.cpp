// SPDX-License-Identifier: MIT
//
// See debug_types.h.
#include "trace/debug_types.h"

#include "trace/system_code.h"

#include "llvm/BinaryFormat/Dwarf.h"
#include "llvm/DebugInfo/DWARF/DWARFContext.h"
#include "llvm/DebugInfo/DWARF/DWARFFormValue.h"
#include "llvm/DebugInfo/DWARF/DWARFUnit.h"

using namespace llvm;

namespace gordian::trace {

namespace {

DWARFDie typeOf(DWARFDie die) {
  return die.getAttributeValueAsReferencedDie(dwarf::DW_AT_type).resolveTypeUnitReference();
}

std::string baseName(DWARFDie die) {
  const char *name = die.getShortName();
  if (name)
    return name;
  return "";
}

/// A declaration's definition is not looked for: DWARF repeats a class in each unit that needs its members.
DWARFDie origin(DWARFDie die) {
  for (dwarf::Attribute a : {dwarf::DW_AT_specification, dwarf::DW_AT_abstract_origin})
    if (DWARFDie other = die.getAttributeValueAsReferencedDie(a))
      return origin(other);
  return die;
}

uint64_t unsignedAttribute(DWARFDie die, dwarf::Attribute a, uint64_t otherwise) {
  std::optional<DWARFFormValue> value = die.find(a);
  return value ? dwarf::toUnsigned(*value).value_or(otherwise) : otherwise;
}

uint64_t sizeOf(DWARFDie type) {
  std::optional<uint64_t> size =
      type ? type.getTypeSize(type.getDwarfUnit()->getAddressByteSize()) : std::nullopt;
  return size.value_or(0);
}

/// Element counts of each dimension; 0 where it is not said.
SmallVector<uint64_t, 2> dimensions(DWARFDie array) {
  SmallVector<uint64_t, 2> counts;
  for (DWARFDie child : array.children()) {
    if (child.getTag() != dwarf::DW_TAG_subrange_type)
      continue;
    uint64_t bound = unsignedAttribute(child, dwarf::DW_AT_upper_bound, ~0ull);
    counts.push_back(bound == ~0ull ? unsignedAttribute(child, dwarf::DW_AT_count, 0) : bound + 1);
  }
  return counts;
}

bool isAggregate(DWARFDie die) {
  dwarf::Tag tag = die.getTag();
  return tag == dwarf::DW_TAG_structure_type || tag == dwarf::DW_TAG_class_type ||
         tag == dwarf::DW_TAG_union_type;
}

/// A system type's inside is no business of the reader's, except for the standard containers of known layout.
bool mayEnter(DWARFDie type) {
  std::string name = qualifiedName(type);
  if (StringRef(name).starts_with("std::array<"))
    return true;
  if (StringRef(name).starts_with("std::") || StringRef(name).starts_with("__gnu_cxx::"))
    return false;
  std::string file = declaredFile(type);
  return file.empty() || !isSystemHeader(file);
}

} // namespace

std::string declaredFile(DWARFDie die) {
  // DWARFDie::getDeclFile does not know the unit of a value that stands in the abbreviation
  // (DW_FORM_implicit_const), as gcc writes it where all types of a unit come from one header.
  die = origin(die);
  std::optional<DWARFFormValue> value = die ? die.find(dwarf::DW_AT_decl_file) : std::nullopt;
  std::optional<uint64_t> index = value ? dwarf::toUnsigned(*value) : std::nullopt;
  DWARFUnit *unit = index ? die.getDwarfUnit() : nullptr;
  const DWARFDebugLine::LineTable *lines = unit ? unit->getContext().getLineTableForUnit(unit) : nullptr;
  std::string file;
  if (lines)
    lines->getFileNameByIndex(*index, unit->getCompilationDir(),
                              DILineInfoSpecifier::FileLineInfoKind::AbsoluteFilePath, file);
  return file;
}

std::string qualifiedName(DWARFDie die) {
  die = origin(die);
  std::string name = baseName(die);
  for (DWARFDie scope = die.getParent(); scope; scope = origin(scope).getParent()) {
    DWARFDie named = origin(scope);
    dwarf::Tag tag = named.getTag();
    if (tag != dwarf::DW_TAG_namespace && tag != dwarf::DW_TAG_subprogram && !isAggregate(named))
      continue;
    std::string outer = baseName(named);
    if (outer.empty() && StringRef(name).starts_with("operator()"))
      outer = "<lambda()>";
    if (!outer.empty() && !(tag == dwarf::DW_TAG_namespace && outer.starts_with("__cxx11")))
      name = outer + "::" + name;
  }
  return name;
}

std::string typeName(DWARFDie type) {
  if (!type)
    return "void";
  switch (type.getTag()) {
  case dwarf::DW_TAG_pointer_type:
    return typeName(typeOf(type)) + " *";
  case dwarf::DW_TAG_reference_type:
    return typeName(typeOf(type)) + " &";
  case dwarf::DW_TAG_rvalue_reference_type:
    return typeName(typeOf(type)) + " &&";
  case dwarf::DW_TAG_const_type:
    return "const " + typeName(typeOf(type));
  case dwarf::DW_TAG_volatile_type:
    return "volatile " + typeName(typeOf(type));
  case dwarf::DW_TAG_array_type: {
    std::string text = typeName(typeOf(type));
    for (uint64_t n : dimensions(type))
      text += "[" + (n ? std::to_string(n) : std::string()) + "]";
    return text;
  }
  default:
    return qualifiedName(type);
  }
}

DWARFDie stripped(DWARFDie type) {
  while (type) {
    switch (type.getTag()) {
    case dwarf::DW_TAG_typedef:
    case dwarf::DW_TAG_const_type:
    case dwarf::DW_TAG_volatile_type:
    case dwarf::DW_TAG_atomic_type:
      type = typeOf(type);
      break;
    default:
      return type;
    }
  }
  return type;
}

DWARFDie pointee(DWARFDie type) {
  type = stripped(type);
  if (type && (type.getTag() == dwarf::DW_TAG_pointer_type || type.getTag() == dwarf::DW_TAG_reference_type ||
               type.getTag() == dwarf::DW_TAG_rvalue_reference_type))
    type = stripped(typeOf(type));
  return type;
}

MemberPath memberAt(DWARFDie type, uint64_t offset) {
  MemberPath path;
  path.type = type;
  for (int depth = 0; depth < 32; ++depth) {
    DWARFDie inner = stripped(path.type);
    if (!inner)
      break;
    if (inner.getTag() == dwarf::DW_TAG_array_type) {
      DWARFDie element = typeOf(inner);
      uint64_t size = sizeOf(element);
      SmallVector<uint64_t, 2> counts = dimensions(inner);
      if (!size || counts.empty())
        break;
      for (size_t d = 0; d < counts.size(); ++d) {
        uint64_t stride = size;
        for (size_t rest = d + 1; rest < counts.size(); ++rest)
          stride *= std::max<uint64_t>(counts[rest], 1);
        path.text += "[" + std::to_string(offset / stride) + "]";
        offset %= stride;
      }
      path.type = element;
      continue;
    }
    if (!isAggregate(inner) || !mayEnter(inner))
      break;
    // The last member or base that begins at or before the offset and covers it; unions take their first.
    DWARFDie next;
    uint64_t nextOffset = 0;
    for (DWARFDie child : inner.children()) {
      if (child.getTag() != dwarf::DW_TAG_member && child.getTag() != dwarf::DW_TAG_inheritance)
        continue;
      if (child.find(dwarf::DW_AT_external) || child.find(dwarf::DW_AT_declaration))
        continue; // a static member
      uint64_t at = unsignedAttribute(child, dwarf::DW_AT_data_member_location, 0);
      uint64_t size = sizeOf(typeOf(child));
      if (at <= offset && offset < at + std::max<uint64_t>(size, 1) && (!next || at > nextOffset)) {
        next = child;
        nextOffset = at;
      }
    }
    if (!next)
      break;
    DWARFDie nextType = typeOf(next);
    bool base = next.getTag() == dwarf::DW_TAG_inheritance;
    // std::array's one member: the index alone is what the reader writes.
    bool transparent =
        base || baseName(next).empty() || StringRef(qualifiedName(inner)).starts_with("std::array<");
    if (!transparent) {
      path.text += "." + baseName(next);
      path.member = next;
      path.memberName = qualifiedName(inner) + "::" + baseName(next);
    }
    path.type = nextType;
    offset -= nextOffset;
  }
  return path;
}

DWARFDie memberNamed(DWARFDie klass, StringRef path) {
  klass = pointee(klass);
  while (klass && klass.getTag() == dwarf::DW_TAG_array_type)
    klass = pointee(typeOf(klass));
  if (!klass || !isAggregate(klass))
    return {};
  StringRef name = path.take_until([](char c) { return c == '.' || c == '-' || c == '['; });
  StringRef rest = path.drop_front(name.size()).drop_until([](char c) { return c == '.' || c == '>'; });
  for (DWARFDie child : klass.children()) {
    if (child.getTag() == dwarf::DW_TAG_inheritance) {
      if (DWARFDie inherited = memberNamed(typeOf(child), path))
        return inherited;
    } else if (child.getTag() == dwarf::DW_TAG_member && baseName(child) == name) {
      return rest.empty() ? child : memberNamed(typeOf(child), rest.drop_front());
    }
  }
  return {};
}

} // namespace gordian::trace
