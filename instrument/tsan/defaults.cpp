// SPDX-License-Identifier: MIT
//
// What ThreadSanitizer is told where TSAN_OPTIONS says nothing else. An archive of its own: a program that
// defines one of these functions itself keeps its own (the wrapper looks for them, and leaves this archive
// out).
extern "C" const char *__tsan_default_options() {
  return "exitcode=66"
         // Locks are Gordian's own work, without ThreadSanitizer's false alarms (gates, one thread, timed
         // locks).
         ":detect_deadlocks=0:report_mutex_bugs=0:report_destroy_locked=0"
         // No findings of ours, and noise in programs that end with threads running or handle signals.
         ":report_thread_leaks=0:report_signal_unsafe=0"
         // A race is worth little without the stack of the earlier access: remember as many as possible.
         ":history_size=7"
         // The program is not to behave otherwise than it does without us: children after fork, crashes,
         // exit.
         ":die_after_fork=0:handle_segv=0:handle_sigbus=0:handle_sigfpe=0:handle_sigill=0:handle_abort=0"
         ":atexit_sleep_ms=100";
}

// Libraries that were not compiled by the wrapper, and order their data in ways that ThreadSanitizer cannot
// see.
extern "C" const char *__tsan_default_suppressions() {
  return "race:std::ctype<char>::narrow\n"
         "race:std::ctype<char>::widen\n"
         "race:^std::__exception_ptr::\n"
         "race:^std::locale::\n"
         "called_from_lib:libstdc++.so.*__cxa_free_exception\n";
}
