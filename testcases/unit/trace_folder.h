// SPDX-License-Identifier: MIT
//
// A folder of this process for the runtime's trace, for as long as a test runs: what the test leaves there
// goes with it, whether it passes or not.
#ifndef GORDIAN_TESTCASES_UNIT_TRACE_FOLDER_H
#define GORDIAN_TESTCASES_UNIT_TRACE_FOLDER_H

#include "core/check.h"
#include "core/flags.h"
#include "trace/writer.h"

#include <cstring>
#include <filesystem>
#include <string>
#include <unistd.h>

namespace gordian::runtime {

class TraceFolder {
public:
  /// Recording is on from here; the trace's own file is made by its first user. Throws where there is no
  /// room.
  TraceFolder()
      : path_(std::filesystem::temp_directory_path() / ("gordian-test-" + std::to_string(getpid()))) {
    std::filesystem::create_directory(path_);
    strcpy(options.trace_dir.value, path_.c_str());
    recording = true;
  }
  ~TraceFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TraceFolder(const TraceFolder &) = delete;
  TraceFolder &operator=(const TraceFolder &) = delete;

private:
  std::filesystem::path path_;
};

} // namespace gordian::runtime

#endif
