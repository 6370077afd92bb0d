# SPDX-License-Identifier: MIT
"""on_terminal.py PROGRAM ARGS...: runs it with a terminal as its output, and copies what it writes there."""
import pty
import sys

pty.spawn(sys.argv[1:])
