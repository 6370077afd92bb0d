# SPDX-License-Identifier: MIT
"""interrupt.py LOG COMMAND...: starts COMMAND in a process group of its own, interrupts the group as a terminal does
once a child of it runs, and expects that it ends by or like the signal and that nothing of the group is left.
"""
import os
import signal
import subprocess
import sys

import psutil

TIMEOUT = 60

log, *command = sys.argv[1:]
with open(log, "wb") as out:
    # A background job ignores the signal, and so would what it starts.
    process = subprocess.Popen(command, stdout=out, stderr=out, start_new_session=True,
                               preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
whole = psutil.Process(process.pid)
while not whole.children():
    if process.poll() is not None:
        sys.exit(f"it ended by itself with {process.returncode}")
children = whole.children(recursive=True)
os.killpg(process.pid, signal.SIGINT)
status = process.wait(TIMEOUT)
if status not in (-signal.SIGINT, 128 + signal.SIGINT):
    sys.exit(f"status {status}")
left = psutil.wait_procs(children, timeout=TIMEOUT)[1]
if left:
    sys.exit(f"still alive: {left}")
