// SPDX-License-Identifier: MIT
//
// Runs Clang on one compile command and hands its syntax tree to the lowering.
//
// Warnings are off, errors are collected, and none of them stops the parse: a missing header is an error like
// another. Nothing is written: dependency files and serialised diagnostics that the command asks for are not
// ours to make.
#include "source/lower/lower.h"

#include "source/lower/unit_roots.h"

#include "clang/Basic/Version.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/VirtualFileSystem.h"
#include "llvm/Support/xxhash.h"

using namespace clang;

namespace gordian::lower {

namespace {
struct ParseError {
  SourceLocation location;
  std::string message, file;
  unsigned line = 0, column = 0;
};

class ErrorCollector : public DiagnosticConsumer {
public:
  explicit ErrorCollector(std::vector<ParseError> &e) : errors(e) {}
  void HandleDiagnostic(DiagnosticsEngine::Level level, const Diagnostic &info) override {
    DiagnosticConsumer::HandleDiagnostic(level, info);
    if (level < DiagnosticsEngine::Error)
      return;
    llvm::SmallString<128> text;
    info.FormatDiagnostic(text);
    ParseError error;
    error.message = text.str().str();
    error.location = info.getLocation();
    errors.push_back(std::move(error));
  }

private:
  std::vector<ParseError> &errors;
};

class LoweringConsumer : public ASTConsumer {
public:
  LoweringConsumer(const Options &o, ir::Unit &u, Unhandled *counts, std::vector<ParseError> &e)
      : options(o), unit(u), unhandled(counts), errors(e) {}

  void HandleTranslationUnit(ASTContext &ast) override {
    UnitContext context(ast, options, unit, unhandled);
    unit.isC = !ast.getLangOpts().CPlusPlus;
    std::vector<SourceLocation> locations;
    for (const ParseError &error : errors)
      if (error.location.isValid())
        locations.push_back(error.location);
    context.setErrorLocations(std::move(locations));
    lowerEverything(context);
    context.places.addUserFiles();
    for (const ParseError &error : errors)
      unit.errors.push_back({error.message, context.places.loc(error.location)});
    errors.clear();
  }

private:
  const Options &options;
  ir::Unit &unit;
  Unhandled *unhandled;
  std::vector<ParseError> &errors;
};

class LoweringAction : public ASTFrontendAction {
public:
  LoweringAction(const Options &o, ir::Unit &u, Unhandled *counts, std::vector<ParseError> &e)
      : options(o), unit(u), unhandled(counts), errors(e) {}
  std::unique_ptr<ASTConsumer> CreateASTConsumer(CompilerInstance &, StringRef) override {
    return std::make_unique<LoweringConsumer>(options, unit, unhandled, errors);
  }

private:
  const Options &options;
  ir::Unit &unit;
  Unhandled *unhandled;
  std::vector<ParseError> &errors;
};
} // namespace

/// What Clang takes for an error and GCC for a warning at most.
static constexpr const char *kLenient[] = {"-Wno-reserved-user-defined-literal", "-Wno-narrowing"};

/// The command as Clang's driver wants it, run from its own folder and with its own resource headers.
static std::vector<const char *> driverArguments(const build::CompileCommand &command,
                                                 std::vector<std::string> &own) {
  StringRef compiler = llvm::sys::path::filename(command.arguments.empty() ? "cc" : command.arguments[0]);
  bool cxx = compiler.contains("++") || compiler.ends_with("CC");
  own = {GORDIAN_CLANG_DRIVER, cxx ? "--driver-mode=g++" : "--driver-mode=gcc"};
  bool resourceFolder = false;
  for (size_t i = 1; i < command.arguments.size(); ++i) {
    resourceFolder |= StringRef(command.arguments[i]).starts_with("-resource-dir");
    own.push_back(command.arguments[i]);
  }
  own.insert(own.end(), std::begin(kLenient), std::end(kLenient));
  if (!resourceFolder)
    own.insert(own.end(), {"-resource-dir", GORDIAN_CLANG_RESOURCES});
  std::vector<const char *> out;
  for (const std::string &argument : own)
    out.push_back(argument.c_str());
  return out;
}

static std::shared_ptr<CompilerInvocation> invocationFor(const build::CompileCommand &command,
                                                         IntrusiveRefCntPtr<llvm::vfs::FileSystem> files,
                                                         std::vector<ParseError> &errors,
                                                         std::vector<std::string> *ignored) {
  std::vector<std::string> own;
  std::vector<const char *> arguments = driverArguments(command, own);
  ErrorCollector collector(errors);
  CreateInvocationOptions options;
  options.VFS = files;
  options.RecoverOnError = true;
  options.Diags =
      CompilerInstance::createDiagnostics(new DiagnosticOptions, &collector, /*ShouldOwnClient=*/false);
  std::shared_ptr<CompilerInvocation> invocation = createInvocation(arguments, options);
  if (!invocation)
    return nullptr;
  for (const ParseError &error : errors) // flags that Clang does not know: it goes on without them
    if (ignored)
      ignored->push_back(error.message);
  errors.clear();
  invocation->getDependencyOutputOpts() = DependencyOutputOptions();
  DiagnosticOptions &diagnostics = invocation->getDiagnosticOpts();
  diagnostics.IgnoreWarnings = true;
  diagnostics.ErrorLimit = 0;
  diagnostics.ShowCarets = false; // nor a count of them on stderr
  diagnostics.DiagnosticSerializationFile.clear();
  FrontendOptions &frontend = invocation->getFrontendOpts();
  frontend.ProgramAction = frontend::ParseSyntaxOnly;
  frontend.OutputFile.clear();
  frontend.TimeTracePath.clear();
  frontend.ShowStats = false;
  return invocation;
}

static std::string hashOf(const build::CompileCommand &command) {
  std::string all;
  for (const std::string &argument : command.arguments)
    all += argument + '\0';
  return llvm::utohexstr(llvm::xxh3_64bits(all), /*LowerCase=*/true);
}

ir::Unit lowerUnit(const build::CompileCommand &command, const Options &options, Unhandled *unhandled,
                   std::vector<std::string> *ignored) {
  ir::Unit unit;
  unit.source = command.file;
  unit.command = hashOf(command);
  IntrusiveRefCntPtr<llvm::vfs::FileSystem> files = options.files;
  if (!files)
    files = llvm::vfs::createPhysicalFileSystem();
  std::vector<ParseError> errors;
  if (files->setCurrentWorkingDirectory(command.directory)) {
    unit.errors.push_back(
        {"the folder '" + command.directory + "' of its compile command does not exist", {}});
    return unit;
  }
  std::shared_ptr<CompilerInvocation> invocation = invocationFor(command, files, errors, ignored);
  if (invocation) {
    ErrorCollector collector(errors);
    CompilerInstance compiler;
    compiler.setInvocation(invocation);
    compiler.createDiagnostics(&collector, /*ShouldOwnClient=*/false);
    compiler.getDiagnostics().setFatalsAsError(true);
    compiler.createFileManager(files);
    LoweringAction action(options, unit, unhandled, errors);
    compiler.ExecuteAction(action);
  }
  if (!invocation && errors.empty())
    errors.push_back({{}, "its compile command compiles no C or C++ file", "", 0, 0});
  for (const ParseError &error : errors) // from before or after the parse
    unit.errors.push_back({error.message, {}});
  return unit;
}

std::string frontEndVersion() {
  return getClangFullVersion();
}

} // namespace gordian::lower
