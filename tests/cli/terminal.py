"""Runs a program on a terminal of its own, types what it is told, and prints what came back as JSON.

Standard input: {"argv": [...], "env": {...}, "steps": [[expected, typed], ...], "timeout": seconds}

What stands first and expects nothing is typed ahead, before the program starts. Instead of text, {"signal": name} sends a signal.
"""

import json
import os
import pty
import select
import signal
import sys
import termios
import time

order = json.load(sys.stdin)
steps = order["steps"]
gate, opened = os.pipe()
pid, terminal = pty.fork()
if pid == 0:
    os.read(gate, 1)
    os.execvpe(order["argv"][0], order["argv"], order["env"])


def act(deed):
    if isinstance(deed, dict):
        os.kill(pid, getattr(signal, deed["signal"]))
    else:
        os.write(terminal, deed.encode())


ahead = b""
while steps and not steps[0][0]:
    typed = steps.pop(0)[1]
    act(typed)
    ahead += typed.encode()
# The terminal has taken it when it has shown it.
if ahead:
    select.select([terminal], [], [], 5)
os.write(opened, b".")

output = b""
begin = 0
deadline = time.monotonic() + order["timeout"]
while time.monotonic() < deadline:
    if select.select([terminal], [], [], 0.1)[0]:
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # Linux says so when the program has ended.
            piece = b""
        if not piece:
            break
        output += piece
    while steps and (at := output.find(steps[0][0].encode(), begin)) >= 0:
        begin = at + len(steps[0][0].encode())
        act(steps.pop(0)[1])
else:
    os.kill(pid, signal.SIGKILL)
code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
echo = bool(termios.tcgetattr(terminal)[3] & termios.ECHO)
print(json.dumps({"code": code, "out": output.decode(errors="replace"), "left": steps, "echo": echo}))
