// SPDX-License-Identifier: MIT
//
// report=FORMAT:PATH without `gordian run`: at the end of the process, and at a deadlock, `gordian report` is
// started once to turn the trace into a report. It is another program in another process (vfork and exec),
// without the preload; this one waits for it.
#ifndef GORDIAN_HOOKS_REPORT_H
#define GORDIAN_HOOKS_REPORT_H

namespace gordian::runtime {

void writeReport();

} // namespace gordian::runtime

#endif
