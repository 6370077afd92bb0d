// SPDX-License-Identifier: MIT
//
// Types and classes. Classes of system headers stay without fields until a kept body touches one: a unit
// mentions hundreds of them and looks into few.
#include "source/lower/unit_context.h"

using namespace clang;

namespace gordian::lower {

static ir::TypeKind kindOf(QualType type) {
  if (type->isVoidType())
    return ir::TypeKind::Void;
  if (type->isBooleanType())
    return ir::TypeKind::Bool;
  if (type->isEnumeralType())
    return ir::TypeKind::Enum;
  if (type->isIntegerType())
    return ir::TypeKind::Integer;
  if (type->isRealFloatingType())
    return ir::TypeKind::Float;
  if (type->isReferenceType())
    return ir::TypeKind::Reference;
  if (type->isPointerType() || type->isMemberPointerType() || type->isBlockPointerType() ||
      type->isNullPtrType())
    return ir::TypeKind::Pointer;
  if (type->isArrayType())
    return ir::TypeKind::Array;
  if (type->isRecordType())
    return ir::TypeKind::Class;
  return type->isFunctionType() ? ir::TypeKind::Function : ir::TypeKind::Other;
}

static bool isStdAtomic(QualType type) {
  auto *record = type->getAsCXXRecordDecl();
  return record && record->isInStdNamespace() && record->getIdentifier() &&
         (record->getName() == "atomic" || record->getName() == "atomic_flag");
}

ir::Id UnitContext::type(QualType type) {
  type = type.getCanonicalType();
  auto [it, fresh] = types.try_emplace(type.getAsOpaquePtr(), ir::Id(unit.types.size()));
  if (!fresh)
    return it->second;
  ir::Id id = it->second;
  unit.types.emplace_back();
  ir::Type out;
  describe(out, type);
  unit.types[id] = std::move(out);
  return id;
}

void UnitContext::describe(ir::Type &out, QualType given) {
  out.isConst = given.isConstQualified();
  out.isVolatile = given.isVolatileQualified();
  QualType plain = given.getUnqualifiedType();
  if (auto *atomic = plain->getAs<AtomicType>()) {
    out.isAtomic = true;
    plain = atomic->getValueType().getCanonicalType();
  }
  out.isAtomic |= isStdAtomic(plain);
  out.kind = kindOf(plain);
  out.name = names.typeName(plain);
  if (auto *array = ast.getAsArrayType(plain))
    out.element = type(array->getElementType());
  else if (QualType pointee = plain->getPointeeType(); !pointee.isNull())
    out.element = type(pointee);
  if (auto *record = plain->getAsRecordDecl())
    out.klass = klass(record);
}

ir::Id UnitContext::klass(const RecordDecl *record) {
  record = cast<RecordDecl>(record->getCanonicalDecl());
  auto [it, fresh] = classes.try_emplace(record, ir::Id(unit.classes.size()));
  if (!fresh)
    return it->second;
  ir::Id id = it->second;
  unit.classes.emplace_back();
  const RecordDecl *definition = record->getDefinition();
  ir::Class out;
  out.key = names.classKey(record);
  out.name = names.name(record);
  out.pattern = names.pattern(record);
  out.loc = places.loc((definition ? definition : record)->getLocation());
  out.isUnion = record->isUnion();
  out.isSystem = places.isSystem(record);
  if (auto *cxx = dyn_cast<CXXRecordDecl>(record)) {
    out.isLambda = cxx->isLambda();
    out.isPolymorphic = definition && cxx->isPolymorphic();
  }
  bool fill = definition && !out.isSystem && !definition->isInvalidDecl();
  unit.classes[id] = std::move(out);
  if (fill)
    fillClass(id, definition);
  return id;
}

void UnitContext::fillClass(ir::Id id, const RecordDecl *definition) {
  if (!filledClasses.insert(id).second)
    return;
  ir::Class out = unit.classes[id];
  if (auto *cxx = dyn_cast<CXXRecordDecl>(definition))
    for (const CXXBaseSpecifier &base : cxx->bases())
      if (auto *record = base.getType()->getAsCXXRecordDecl())
        out.bases.push_back({klass(record), base.isVirtual()});
  addFields(out, definition);
  out.attributes = attributes(definition);
  out.complete = true;
  unit.classes[id] = std::move(out);
}

/// Names of the captures by field: Clang leaves the fields of closures nameless.
static llvm::DenseMap<const FieldDecl *, std::string> captureNames(const RecordDecl *definition) {
  llvm::DenseMap<const FieldDecl *, std::string> out;
  auto *cxx = dyn_cast<CXXRecordDecl>(definition);
  if (!cxx || !cxx->isLambda())
    return out;
  llvm::DenseMap<const ValueDecl *, FieldDecl *> captures;
  FieldDecl *thisCapture = nullptr;
  cxx->getCaptureFields(captures, thisCapture);
  for (auto &[variable, field] : captures)
    out[field] = variable->getNameAsString();
  if (thisCapture)
    out[thisCapture] = "this";
  return out;
}

void UnitContext::addFields(ir::Class &out, const RecordDecl *definition) {
  auto captures = captureNames(definition);
  for (const FieldDecl *field : definition->fields()) {
    ir::Field f;
    auto capture = captures.find(field);
    f.name = capture != captures.end() ? capture->second : field->getNameAsString();
    f.type = type(field->getType());
    f.loc = places.loc(field->getLocation());
    f.isMutable = field->isMutable();
    f.isBitField = field->isBitField();
    f.isPrivate = field->getAccess() == AS_private || field->getAccess() == AS_protected;
    f.attributes = attributes(field);
    out.fields.push_back(std::move(f));
  }
}

ir::Proj UnitContext::field(const FieldDecl *field) {
  const RecordDecl *record = field->getParent();
  ir::Proj out;
  out.kind = ir::ProjKind::Field;
  out.klass = klass(record);
  out.index = field->getFieldIndex();
  if (!filledClasses.contains(out.klass))
    fillClass(out.klass, record);
  return out;
}

ir::Proj UnitContext::base(const CXXRecordDecl *record) {
  ir::Proj out;
  out.kind = ir::ProjKind::Base;
  out.klass = klass(record);
  return out;
}

} // namespace gordian::lower
