// SPDX-License-Identifier: MIT
#include "source/build/recording_files.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/xxhash.h"

#include <set>

namespace vfs = llvm::vfs;

namespace gordian::build {

using Kind = FileAnswer::Kind;

static FileAnswer answerOf(const llvm::ErrorOr<vfs::Status> &status) {
  if (!status)
    return {Kind::Absent, 0};
  return {status->isDirectory() ? Kind::Folder : Kind::File, 0};
}

static uint64_t hashOfNames(vfs::FileSystem &files, const llvm::Twine &folder) {
  std::set<std::string> names;
  std::error_code error;
  for (vfs::directory_iterator it = files.dir_begin(folder, error), end; !error && it != end;
       it.increment(error))
    names.insert(it->path().str());
  std::string all;
  for (const std::string &name : names)
    all += name + '\0';
  return llvm::xxh3_64bits(all);
}

FileAnswer askAgain(const std::string &path, Kind kind) {
  llvm::IntrusiveRefCntPtr<vfs::FileSystem> files = vfs::getRealFileSystem();
  if (kind == Kind::Listed)
    return {kind, hashOfNames(*files, path)};
  if (kind != Kind::Read)
    return answerOf(files->status(path));
  auto content = llvm::MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  return content ? FileAnswer{kind, llvm::xxh3_64bits((*content)->getBuffer())} : FileAnswer{};
}

namespace {
class Recorder {
public:
  explicit Recorder(FileAnswers &a) : answers(a) {}

  /// The first answer counts: a file that changes under way must not look as if it had been read as it is
  /// now.
  void note(const std::string &path, FileAnswer answer) {
    auto [at, fresh] = answers.emplace(path, answer);
    if (!fresh && at->second.kind < Kind::Read && answer.kind >= Kind::Read)
      at->second = answer;
  }

private:
  FileAnswers &answers;
};

/// Hands on an open file; what is read of it is hashed as it was read.
class RecordedFile : public vfs::File {
public:
  RecordedFile(std::unique_ptr<vfs::File> f, std::string p, Recorder &r)
      : file(std::move(f)), path(std::move(p)), recorder(r) {}

  llvm::ErrorOr<vfs::Status> status() override { return file->status(); }
  llvm::ErrorOr<std::string> getName() override { return file->getName(); }
  std::error_code close() override { return file->close(); }
  llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>> getBuffer(const llvm::Twine &name, int64_t size,
                                                               bool terminated, bool isVolatile) override {
    auto content = file->getBuffer(name, size, terminated, isVolatile);
    if (content)
      recorder.note(path, {Kind::Read, llvm::xxh3_64bits((*content)->getBuffer())});
    return content;
  }

private:
  std::unique_ptr<vfs::File> file;
  std::string path;
  Recorder &recorder;
};

class RecordingFiles : public vfs::ProxyFileSystem {
public:
  RecordingFiles(llvm::IntrusiveRefCntPtr<vfs::FileSystem> files, FileAnswers &answers)
      : ProxyFileSystem(std::move(files)), recorder(answers) {}

  llvm::ErrorOr<vfs::Status> status(const llvm::Twine &path) override {
    llvm::ErrorOr<vfs::Status> out = ProxyFileSystem::status(path);
    recorder.note(absolute(path), answerOf(out));
    return out;
  }
  bool exists(const llvm::Twine &path) override { return bool(status(path)); }
  llvm::ErrorOr<std::unique_ptr<vfs::File>> openFileForRead(const llvm::Twine &path) override {
    auto file = ProxyFileSystem::openFileForRead(path);
    std::string name = absolute(path);
    recorder.note(name, {file ? Kind::File : Kind::Absent, 0});
    if (!file)
      return file.getError();
    return std::unique_ptr<vfs::File>(new RecordedFile(std::move(*file), std::move(name), recorder));
  }
  vfs::directory_iterator dir_begin(const llvm::Twine &folder, std::error_code &error) override {
    recorder.note(absolute(folder), {Kind::Listed, hashOfNames(getUnderlyingFS(), absolute(folder))});
    return ProxyFileSystem::dir_begin(folder, error);
  }

private:
  std::string absolute(const llvm::Twine &path) const {
    llvm::SmallString<256> out;
    path.toVector(out);
    (void)makeAbsolute(out);
    return std::string(out);
  }

  Recorder recorder;
};
} // namespace

llvm::IntrusiveRefCntPtr<vfs::FileSystem> recordingFiles(llvm::IntrusiveRefCntPtr<vfs::FileSystem> files,
                                                         FileAnswers &answers) {
  return llvm::makeIntrusiveRefCnt<RecordingFiles>(std::move(files), answers);
}

} // namespace gordian::build
