// SPDX-License-Identifier: MIT
//
// llvm::raw_fd_ostream remembers a failed write; it is asked before the rename.
#include "cli/output_file.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include <unistd.h>

using namespace gordian::cli;
using llvm::StringRef;

static llvm::Error failed(StringRef path, std::error_code why) {
  return llvm::createStringError("cannot write " + path + ": " + why.message());
}

static std::error_code writeTo(int fd, bool close, const std::function<void(llvm::raw_ostream &)> &write) {
  llvm::raw_fd_ostream os(fd, close);
  write(os);
  os.flush();
  std::error_code why = os.error();
  if (!why && close && ::fsync(fd) != 0 && errno != EINVAL)
    why = std::error_code(errno, std::generic_category());
  os.clear_error(); // else its destructor ends the program
  return why;
}

static bool isSpecial(StringRef path) {
  llvm::sys::fs::file_status status;
  return !llvm::sys::fs::status(path, status) && status.type() != llvm::sys::fs::file_type::regular_file &&
         status.type() != llvm::sys::fs::file_type::directory_file;
}

llvm::Error gordian::cli::writeStream(int fd, StringRef name,
                                      const std::function<void(llvm::raw_ostream &)> &write) {
  std::error_code why = writeTo(fd, false, write);
  return why ? failed(name, why) : llvm::Error::success();
}

llvm::Error gordian::cli::writeFile(StringRef path, const std::function<void(llvm::raw_ostream &)> &write) {
  if (llvm::sys::fs::is_directory(path))
    return failed(path, std::make_error_code(std::errc::is_a_directory));
  int fd = -1;
  if (isSpecial(path)) {
    if (std::error_code why = llvm::sys::fs::openFileForWrite(path, fd, llvm::sys::fs::CD_OpenExisting))
      return failed(path, why);
    std::error_code why = writeTo(fd, true, write);
    return why ? failed(path, why) : llvm::Error::success();
  }
  // A link stays a link: what it leads to is replaced.
  llvm::SmallString<256> target = path, temporary;
  if (llvm::sys::fs::is_symlink_file(path))
    if (std::error_code why = llvm::sys::fs::real_path(path, target))
      return failed(path, why);
  llvm::sys::fs::createUniquePath(target + ".%%%%%%.tmp", temporary, /*MakeAbsolute=*/false);
  if (std::error_code why = llvm::sys::fs::openFileForWrite(temporary, fd, llvm::sys::fs::CD_CreateNew))
    return failed(path, why);
  std::error_code why = writeTo(fd, true, write);
  if (!why)
    why = llvm::sys::fs::rename(temporary, target);
  if (!why)
    return llvm::Error::success();
  llvm::sys::fs::remove(temporary);
  return failed(path, why);
}
