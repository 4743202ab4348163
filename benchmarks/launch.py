"""Runs a command and prints what it took: exit status, seconds, processor seconds, bytes of the largest process.

usage: launch.py OUTPUT COMMAND…
A program of its own and small: on Linux a process's peak memory begins with that of the process which started it, and
that of the benchmarks holds the libraries that write their inputs.
"""

import os
import sys
import time

if __name__ == "__main__":
    output, command = sys.argv[1], sys.argv[2:]
    actions = [(os.POSIX_SPAWN_OPEN, 1, output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)]
    start = time.perf_counter()
    process = os.posix_spawnp(command[0], command, os.environ, file_actions=actions)
    _, status, usage = os.wait4(process, 0)  # of the process and of those that it waited for
    seconds = time.perf_counter() - start
    unit = 1 if sys.platform == "darwin" else 1024
    print(os.waitstatus_to_exitcode(status), seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit)
