// SPDX-License-Identifier: MIT
//
// Where the program ends and a library begins. Every unit holds thousands of instantiated template bodies of
// the C++ library; those that matter are the ones which call the user's code back.
//
// For a function of a system header there are three answers:
//   kept     its body is lowered like the user's. Functions of other libraries (boost, absl, Qt) that are
//   reached, and
//            functions of the C++ library that call user code, or a function pointer that they were given.
//   modelled it stays a declaration that tables know by name: threads, futures, std::function, smart
//   pointers,
//            containers (library_models.def). Where its body constructs a class of the user (emplace,
//            make_shared), or a container calls the user's comparison or hash, those functions are named as
//            implied calls.
//   ignored  it stays a declaration and implies nothing.
//
// What a body calls is read from the syntax tree: direct calls and constructions only. A library function
// whose template arguments mention no class of the user and no function pointer is not even looked at.
#ifndef GORDIAN_SOURCE_LOWER_LIBRARY_BOUNDARY_H
#define GORDIAN_SOURCE_LOWER_LIBRARY_BOUNDARY_H

#include "source/lower/clang_headers.h"
#include "source/lower/source_places.h"

namespace gordian::lower {

class LibraryBoundary {
public:
  explicit LibraryBoundary(const SourcePlaces &places);

  /// `definition` stands in a system header.
  bool keepsBody(const clang::FunctionDecl *definition);
  /// Destroying such an object does nothing that anyone could wait for: trivial classes, strings and
  /// containers of them, and classes made of these alone whose destructor nobody wrote.
  bool isInert(clang::QualType type);
  /// An inert class of the library whose objects are values (strings, containers), as opposed to a mutex.
  bool isPlainValue(clang::QualType type);
  /// What a call of `function` calls of the user's, though no body shows it.
  llvm::ArrayRef<const clang::FunctionDecl *> impliedCalls(const clang::FunctionDecl *function);

private:
  struct Calls {
    std::vector<const clang::FunctionDecl *> user, library;
    bool callsParameter = false;
  };
  const Calls &callsOf(const clang::FunctionDecl *definition);
  bool reachesUser(const clang::FunctionDecl *definition);
  bool mentionsUser(const clang::FunctionDecl *function);
  bool mentionsUser(clang::QualType type);
  bool mentionsUser(llvm::ArrayRef<clang::TemplateArgument> arguments);
  bool isInertClass(const clang::CXXRecordDecl *record);
  std::vector<const clang::FunctionDecl *> collectImplied(const clang::FunctionDecl *definition,
                                                          bool callbacks);

  const SourcePlaces &places;
  llvm::DenseMap<const clang::FunctionDecl *, std::unique_ptr<Calls>> calls;
  llvm::DenseMap<const clang::FunctionDecl *, bool> reaches, mentioning;
  llvm::DenseMap<const void *, bool> mentioningTypes, inertTypes;
  llvm::DenseMap<const clang::FunctionDecl *, std::vector<const clang::FunctionDecl *>> implied;
};

} // namespace gordian::lower

#endif
