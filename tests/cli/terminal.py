"""Runs a program on a terminal of its own, types what it is told, and prints what came back as JSON.

Standard input: {"argv": [...], "env": {...}, "steps": [[expected, typed], ...], "timeout": seconds}
"""

import json
import os
import pty
import select
import signal
import sys
import time

order = json.load(sys.stdin)
pid, terminal = pty.fork()
if pid == 0:
    os.execvpe(order["argv"][0], order["argv"], order["env"])

output = b""
begin = 0
steps = order["steps"]
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
        os.write(terminal, steps.pop(0)[1].encode())
else:
    os.kill(pid, signal.SIGKILL)
code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
print(json.dumps({"code": code, "out": output.decode(errors="replace"), "left": steps}))
