"""Runs a command and prints what it took: exit status, seconds, processor seconds, bytes of the largest process.

usage: launch.py OUTPUT COMMAND…
A program of its own and small: on Linux a process's peak memory begins with that of the process which started it, and
that of the benchmarks holds the libraries that write their inputs.
"""

import ctypes
import os
import resource
import sys
import time
from contextlib import suppress

ADOPT = 36  # PR_SET_CHILD_SUBREAPER


def main() -> None:
    output, command = sys.argv[1], sys.argv[2:]
    if sys.platform == "linux":  # also to count the processes that the command leaves behind when it exits
        ctypes.CDLL(None).prctl(ADOPT, 1, 0, 0, 0)
    actions = [(os.POSIX_SPAWN_OPEN, 1, output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)]
    start = time.perf_counter()
    process = os.posix_spawnp(command[0], command, os.environ, file_actions=actions)
    _, status = os.waitpid(process, 0)
    seconds = time.perf_counter() - start
    with suppress(ChildProcessError):  # none is left
        while True:
            os.wait()
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    unit = 1 if sys.platform == "darwin" else 1024
    print(os.waitstatus_to_exitcode(status), seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit)


if __name__ == "__main__":
    main()
