// SPDX-License-Identifier: MIT
//
// What is shared by the whole lowering of one unit: the tables of types, classes, globals and functions, each
// entry made on first use and found again by its declaration, and the list of bodies that still have to be
// lowered.
//
// Invariant: an entry is in its table before anything that it refers to is made, so that recursive types end.
// Entries are numbered in order of first use, which follows the source: the same input gives the same unit.
#ifndef GORDIAN_SOURCE_LOWER_UNIT_CONTEXT_H
#define GORDIAN_SOURCE_LOWER_UNIT_CONTEXT_H

#include "source/ir/ir.h"
#include "source/lower/clang_headers.h"
#include "source/lower/library_boundary.h"
#include "source/lower/lower.h"
#include "source/lower/names.h"
#include "source/lower/source_places.h"

#include <deque>

namespace gordian::lower {

class UnitContext {
public:
  UnitContext(clang::ASTContext &ast, const Options &options, ir::Unit &unit, Unhandled *unhandled);

  // Tables
  ir::Id type(clang::QualType type);
  ir::Id klass(const clang::RecordDecl *record);
  ir::Proj field(const clang::FieldDecl *field);
  ir::Proj base(const clang::CXXRecordDecl *record);
  ir::Id function(const clang::FunctionDecl *function);
  /// A function of the C++ runtime that no header declares (__cxa_guard_acquire).
  ir::Id runtimeFunction(llvm::StringRef name);
  ir::Id global(const clang::VarDecl *variable);
  /// The function that runs `variable`'s dynamic initialiser before main.
  ir::Function &globalInitializer(const clang::VarDecl *variable);
  ir::Id string(llvm::StringRef text);

  // Bodies
  void require(const clang::FunctionDecl *definition);
  const clang::FunctionDecl *nextBody();
  /// The definition whose body belongs into this unit; null: none, or it stays a declaration.
  const clang::FunctionDecl *bodyToLower(const clang::FunctionDecl *function);
  void setErrorLocations(std::vector<clang::SourceLocation> locations);
  bool hasErrors(const clang::FunctionDecl *definition) const;

  std::vector<ir::Attribute> attributes(const clang::Decl *decl,
                                        const clang::FunctionDecl *function = nullptr);
  void countUnhandled(llvm::StringRef what);

  clang::ASTContext &ast;
  const Options &options;
  ir::Unit &unit;
  SourcePlaces places;
  Names names;
  LibraryBoundary library;

private:
  void describe(ir::Type &out, clang::QualType type);
  void fillClass(ir::Id id, const clang::RecordDecl *definition);
  void addFields(ir::Class &out, const clang::RecordDecl *definition);
  void describe(ir::Function &out, const clang::FunctionDecl *function);
  void describeMethod(ir::Function &out, const clang::CXXMethodDecl *method);
  void addParameters(ir::Function &out, const clang::FunctionDecl *function);
  void describe(ir::Global &out, const clang::VarDecl *variable);

  Unhandled *unhandled;
  llvm::DenseMap<const void *, ir::Id> types;
  llvm::DenseMap<const clang::Decl *, ir::Id> classes, functions, globals;
  llvm::StringMap<ir::Id> runtimeFunctions, strings;
  llvm::DenseSet<ir::Id> filledClasses;
  std::deque<const clang::FunctionDecl *> bodies;
  llvm::DenseSet<const clang::FunctionDecl *> requested;
  std::vector<clang::SourceLocation> errorLocations;
  unsigned libraryBodies = 0;
};

/// Storage that code fills at run time, before main or at first use.
bool hasDynamicInitializer(const clang::VarDecl *variable);

} // namespace gordian::lower

#endif
