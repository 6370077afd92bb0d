// SPDX-License-Identifier: MIT
//
// All primitives: Python's threading and queue for C++, that report themselves to Gordian. Link gordian-sync
// (CMake: gordian::sync). See docs/primitives.md.
#ifndef GORDIAN_SYNC_H
#define GORDIAN_SYNC_H

#include "gordian/barrier.h"
#include "gordian/condition.h"
#include "gordian/errors.h"
#include "gordian/event.h"
#include "gordian/lock.h"
#include "gordian/queue.h"
#include "gordian/semaphore.h"
#include "gordian/thread.h"
#include "gordian/timeout.h"

#endif
