// SPDX-License-Identifier: MIT
//
// The clock of a thing that orders threads (an atomic variable, a semaphore, a finished thread ...): up to
// which segment of each thread all is ordered before whoever receives from it next. It only grows: taking an
// order that is not there may miss a race, forgetting one would invent it.
#ifndef GORDIAN_INSTRUMENT_PREDICT_SYNC_CLOCK_H
#define GORDIAN_INSTRUMENT_PREDICT_SYNC_CLOCK_H

#include "predict/history.h"

namespace gordian::predict {

struct SyncClock {
  SpinLock mutex;
  uint32_t width = 0; // components in use
  uint32_t room = 0;
  uint32_t *components = nullptr;

  /// Makes room for `count` components; false where there is no memory.
  bool widen(uint32_t count, WordPool &pool) {
    if (count <= room)
      return true;
    uint32_t more = count;
    uint32_t *wider = pool.take(more);
    if (!wider)
      return false;
    for (uint32_t i = 0; i < width; i++)
      wider[i] = components[i];
    if (components)
      pool.giveBack(components, room);
    components = wider;
    room = more;
    return true;
  }
  bool raise(uint32_t component, uint32_t value, WordPool &pool) {
    if (!widen(component + 1, pool))
      return false;
    if (width <= component)
      width = component + 1;
    if (components[component] < value)
      components[component] = value;
    return true;
  }
  void clear(WordPool &pool) {
    if (components)
      pool.giveBack(components, room);
    components = nullptr;
    width = room = 0;
  }
};

} // namespace gordian::predict

#endif
