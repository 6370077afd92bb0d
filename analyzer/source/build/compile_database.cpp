// SPDX-License-Identifier: MIT
#include "source/build/compile_database.h"

#include "source/build/compile_flags.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

#include <set>

namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;
using llvm::StringRef;

namespace gordian::build {

static constexpr StringRef fileName = "compile_commands.json";

static llvm::Error failure(const llvm::Twine &message) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), message);
}

static std::string absolute(StringRef name, StringRef folder) {
  llvm::SmallString<256> out(name);
  fs::make_absolute(folder, out);
  path::remove_dots(out, /*remove_dot_dot=*/true);
  return std::string(out);
}

static std::string workingFolder() {
  llvm::SmallString<256> out;
  if (fs::current_path(out))
    return "/";
  return std::string(out);
}

static bool isCOrCxx(StringRef file) {
  return llvm::StringSwitch<bool>(path::extension(file))
      .Cases(".c", ".i", ".cc", ".cp", ".cxx", ".cpp", ".CPP", ".c++", true)
      .Cases(".C", ".ii", ".ixx", ".cppm", ".tcc", ".inl", ".h", ".hpp", ".hh", true)
      .Default(false);
}

static bool isCxx(StringRef file) {
  return isCOrCxx(file) && path::extension(file) != ".c" && path::extension(file) != ".i";
}

/// "BUILD/app" of "BUILD/CMakeFiles/app.dir/src/x.c.o" and of Automake's "BUILD/app-x.o"; the output's folder
/// of others.
static std::string targetOf(StringRef output, StringRef source) {
  if (output.empty())
    return "";
  StringRef object = path::stem(output);
  if (object.consume_back(path::stem(source)) && object.consume_back("-") && !object.empty())
    return (path::parent_path(output) + "/" + object).str();
  size_t folder = output.find("CMakeFiles/");
  size_t end = folder == StringRef::npos ? folder : output.find(".dir/", folder);
  if (end == StringRef::npos)
    return path::parent_path(output).str();
  size_t name = folder + StringRef("CMakeFiles/").size();
  return (output.take_front(folder) + output.slice(name, end)).str();
}

namespace {
class Reader {
public:
  Reader(CompileDatabase &d, std::string f) : database(d), folder(std::move(f)) {}

  llvm::Error row(const llvm::json::Object &object) {
    auto directory = object.getString("directory");
    auto file = object.getString("file");
    if (!file)
      return failure("a row has no \"file\"");
    CompileCommand command;
    command.directory = absolute(directory.value_or("."), folder);
    command.file = absolute(*file, command.directory);
    std::vector<std::string> words = wordsOf(object);
    if (words.empty())
      return failure("the row of '" + *file + "' has neither \"command\" nor \"arguments\"");
    words = stripLaunchers(expandResponseFiles(std::move(words), command.directory));
    std::string output = object.getString("output").value_or("").str();
    if (output.empty())
      output = outputOf(words);
    command.output = output.empty() ? "" : absolute(output, command.directory);
    command.target = targetOf(command.output, command.file);
    std::vector<std::string> dropped;
    command.arguments = adaptFlags(words, dropped);
    if (!isCOrCxx(command.file)) {
      ++database.otherLanguages;
      return llvm::Error::success();
    }
    std::string all = command.directory + '\0' + command.file;
    for (const std::string &argument : command.arguments)
      all += '\0' + argument;
    if (!seen.insert(std::move(all)).second)
      return llvm::Error::success();
    for (const std::string &flag : dropped)
      ++database.dropped[flag];
    database.commands.push_back(std::move(command));
    return llvm::Error::success();
  }

private:
  static std::vector<std::string> wordsOf(const llvm::json::Object &object) {
    std::vector<std::string> words;
    if (const llvm::json::Array *arguments = object.getArray("arguments"))
      for (const llvm::json::Value &argument : *arguments)
        words.push_back(argument.getAsString().value_or("").str());
    else if (auto command = object.getString("command"))
      words = splitCommand(*command);
    return words;
  }

  CompileDatabase &database;
  std::string folder;
  std::set<std::string> seen;
};
} // namespace

llvm::Expected<CompileDatabase> readCompileDatabase(const std::string &given) {
  CompileDatabase out;
  out.path = absolute(given, workingFolder());
  if (fs::is_directory(out.path)) {
    if (!fs::exists(out.path + "/" + fileName))
      return failure("there is no " + fileName + " in " + given +
                     ": make one with cmake -DCMAKE_EXPORT_COMPILE_COMMANDS=ON, meson, or bear -- make");
    out.path += "/" + fileName.str();
  }
  auto content = llvm::MemoryBuffer::getFile(out.path, /*IsText=*/true);
  if (!content)
    return failure("cannot read " + out.path + ": " + content.getError().message());
  if ((*content)->getBuffer().trim().empty())
    return failure(out.path + " is empty");
  llvm::Expected<llvm::json::Value> json = llvm::json::parse((*content)->getBuffer());
  if (!json)
    return failure(out.path + " is not JSON: " + llvm::toString(json.takeError()));
  const llvm::json::Array *rows = json->getAsArray();
  if (!rows)
    return failure(out.path + " is not a list of compile commands");
  Reader reader(out, path::parent_path(out.path).str());
  for (const llvm::json::Value &value : *rows) {
    const llvm::json::Object *row = value.getAsObject();
    if (llvm::Error error = row ? reader.row(*row) : failure("a row is not an object"))
      return failure(out.path + ": " + llvm::toString(std::move(error)));
  }
  out.root = commonFolder(out.commands);
  return out;
}

std::optional<std::string> findCompileDatabase(const std::string &folder) {
  for (StringRef at = folder; !at.empty(); at = path::parent_path(at))
    for (StringRef below : {"", "build/"}) {
      std::string candidate = (at + "/" + below + fileName).str();
      if (fs::exists(candidate))
        return absolute(candidate, "/");
    }
  return std::nullopt;
}

static std::string realPath(const std::string &name) {
  llvm::SmallString<256> out;
  return fs::real_path(name, out) ? name : std::string(out);
}

llvm::Error selectSources(CompileDatabase &database, const std::vector<std::string> &sources) {
  if (sources.empty())
    return llvm::Error::success();
  std::vector<std::string> files;
  for (const CompileCommand &command : database.commands)
    files.push_back(realPath(command.file));
  std::vector<bool> wanted(files.size(), false);
  for (const std::string &source : sources) {
    std::string name = realPath(absolute(source, workingFolder()));
    bool found = false;
    for (size_t i = 0; i != files.size(); ++i) {
      StringRef below(files[i]);
      if (below != name && !(below.consume_front(name) && below.starts_with("/")))
        continue;
      wanted[i] = found = true;
    }
    if (!found && !fs::exists(name))
      return failure("there is no file '" + source + "'");
    if (!found)
      return failure("'" + source + "' is not in " + database.path);
  }
  std::vector<CompileCommand> kept;
  for (size_t i = 0; i != files.size(); ++i)
    if (wanted[i])
      kept.push_back(std::move(database.commands[i]));
  database.commands = std::move(kept);
  return llvm::Error::success();
}

llvm::Expected<CompileDatabase> commandsFor(const std::vector<std::string> &sources,
                                            const std::vector<std::string> &flags) {
  CompileDatabase out;
  std::string folder = workingFolder();
  for (const std::string &source : sources) {
    CompileCommand command;
    command.directory = folder;
    command.file = absolute(source, folder);
    if (!fs::exists(command.file))
      return failure("there is no file '" + source + "'");
    if (fs::is_directory(command.file))
      return failure("'" + source + "' is a folder: give its files, or -p with a compile_commands.json");
    std::vector<std::string> words = {isCxx(command.file) ? "clang++" : "clang"};
    words.insert(words.end(), flags.begin(), flags.end());
    std::vector<std::string> dropped;
    command.arguments = adaptFlags(expandResponseFiles(std::move(words), folder), dropped);
    command.arguments.push_back(command.file);
    for (const std::string &flag : dropped)
      ++out.dropped[flag];
    out.commands.push_back(std::move(command));
  }
  out.root = commonFolder(out.commands);
  return out;
}

std::string commonFolder(const std::vector<CompileCommand> &commands) {
  if (commands.empty())
    return "";
  StringRef common = path::parent_path(commands[0].file);
  for (const CompileCommand &command : commands) {
    auto holds = [&](StringRef folder) {
      StringRef rest(command.file);
      return folder == "/" || (rest.consume_front(folder) && rest.starts_with("/"));
    };
    while (!common.empty() && !holds(common))
      common = path::parent_path(common);
  }
  return common.str();
}

} // namespace gordian::build
