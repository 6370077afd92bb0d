// SPDX-License-Identifier: MIT
//
// The three names of a thing.
//
//   key      what units are joined by. The mangled name where the linkage is external. File-local functions
//   and C
//            types: "FILE:name", FILE being the file that declares them, so that a header's static inline
//            function is one key (the link compares bodies); file-local variables: the main file's, because
//            each unit has its own. Instantiations over local types carry the main file too. Lambdas: the
//            enclosing entity's key and an ordinal in it; function statics: the function's key, name,
//            ordinal. No line, offset or address: keys stay when lines shift.
//   name     for people: qualified, template arguments on classes, no parameters; inline namespaces are left
//   out. pattern  `name` without template arguments: what tables match.
//
// C++ structs that C could declare have the key that C gives them, so that a header shared by both languages
// is one type.
#ifndef GORDIAN_SOURCE_LOWER_NAMES_H
#define GORDIAN_SOURCE_LOWER_NAMES_H

#include "source/lower/clang_headers.h"
#include "source/lower/source_places.h"

namespace gordian::lower {

class Names {
public:
  Names(clang::ASTContext &ast, SourcePlaces &places);

  std::string functionKey(const clang::FunctionDecl *function);
  std::string globalKey(const clang::VarDecl *variable);
  std::string classKey(const clang::TagDecl *klass);

  std::string name(const clang::NamedDecl *decl) { return qualified(decl, /*arguments=*/true); }
  std::string pattern(const clang::NamedDecl *decl) { return qualified(decl, /*arguments=*/false); }
  /// The type as the source would say it, without cv-qualifiers at the top.
  std::string typeName(clang::QualType type);

private:
  std::string qualified(const clang::NamedDecl *decl, bool arguments);
  std::string unqualified(const clang::NamedDecl *decl, bool arguments);
  std::string scope(const clang::DeclContext *context, bool arguments);
  std::string mangled(clang::GlobalDecl decl);
  std::string lambdaKey(const clang::CXXRecordDecl *lambda);
  std::string plainClassKey(const clang::TagDecl *klass);
  std::string contextKey(const clang::Decl *context);
  unsigned ordinal(const clang::Decl *decl, const clang::Decl *context);
  void numberLambdas(const clang::FunctionDecl *function);

  clang::ASTContext &ast;
  SourcePlaces &places;
  std::unique_ptr<clang::MangleContext> mangler;
  clang::PrintingPolicy policy;
  llvm::DenseMap<const clang::Decl *, unsigned> ordinals;
  llvm::DenseMap<const clang::Decl *, unsigned> counters;
  llvm::StringMap<unsigned> localNames; // of function statics and local classes: how many have it
  llvm::DenseSet<const clang::Decl *> numbered;
  llvm::DenseMap<const clang::Decl *, std::string> classNames[2];
};

} // namespace gordian::lower

#endif
