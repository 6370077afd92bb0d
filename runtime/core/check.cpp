// SPDX-License-Identifier: MIT
#include "core/check.h"

#include "core/print.h"

namespace gordian::runtime {

constinit bool recording = false;

void giveUp(const char *why) {
  if (!__atomic_exchange_n(&recording, false, __ATOMIC_RELAXED))
    return;
  Line line;
  line.text("gordian: internal: ").text(why).text(" does not hold; nothing more is recorded").print();
}

} // namespace gordian::runtime
