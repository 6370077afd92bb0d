// SPDX-License-Identifier: MIT
//
// URIs as RFC 3986 has them: all but unreserved characters and '/' are percent-encoded.
#include "report/paths.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"

using namespace gordian;
using llvm::StringRef;

StringRef report::relativeTo(StringRef file, StringRef folder) {
  StringRef rest = file;
  folder = folder.rtrim('/');
  if (!folder.empty() && rest.consume_front(folder) && rest.consume_front("/") && !rest.empty())
    return rest;
  return file;
}

std::string report::currentFolder() {
  llvm::SmallString<256> path;
  return llvm::sys::fs::current_path(path) ? "" : path.str().str();
}

std::string report::toUri(StringRef path) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string uri = path.starts_with("/") ? "file://" : "";
  for (unsigned char c : path)
    if (llvm::isAlnum(c) || StringRef("-._~/+,=").contains(char(c)))
      uri += char(c);
    else
      uri += {'%', kDigits[c >> 4], kDigits[c & 15]};
  return uri;
}

std::string report::fromUri(StringRef uri) {
  if (uri.consume_front("file://") && !uri.starts_with("/"))
    uri = uri.drop_front(std::min(uri.size(), uri.find('/'))); // the host
  std::string path;
  for (size_t i = 0; i < uri.size(); ++i) {
    bool coded =
        uri[i] == '%' && i + 2 < uri.size() && llvm::isHexDigit(uri[i + 1]) && llvm::isHexDigit(uri[i + 2]);
    path += coded ? char(llvm::hexFromNibbles(uri[i + 1], uri[i + 2])) : uri[i];
    i += coded ? 2 : 0;
  }
  return path;
}
