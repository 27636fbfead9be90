"""What Linux offers to keep one script from harming the next request.

It is no boundary against hostile code: the script is the deployer's own and trusted, the data
of a request is not. Memory, time and files are limited; the network is cut where the container
allows it (man 2 unshare, man 2 setrlimit, man 2 prctl).
"""

from __future__ import annotations

import ctypes
import errno
import math
import os
import resource
import signal
from contextlib import suppress
from pathlib import Path

from studio_runtime.config import Limits

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS = 1, 36, 38

libc = ctypes.CDLL(None, use_errno=True)


def cut_network() -> str:
    """Put this process, which must have one thread, where there is no network.

    Returns:
        Empty when it is cut, else why it is not.
    """
    user, group = os.getuid(), os.getgid()
    if libc.unshare(CLONE_NEWNET) == 0:
        return ""
    if libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0:
        number = ctypes.get_errno()
        return f"the container allows no network namespace ({errno.errorcode.get(number, number)})"
    # The same user inside as outside; without this files would belong to nobody.
    for name, text in (
        ("setgroups", "deny"),
        ("uid_map", f"{user} {user} 1"),
        ("gid_map", f"{group} {group} 1"),
    ):
        with suppress(OSError):
            Path("/proc/self", name).write_text(text)
    return ""


def adopt_orphans() -> None:
    """Become the parent of what a script leaves running, so that it can be ended."""
    libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)


def die_with_parent() -> None:
    """Have Linux end this process when its parent ends."""
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def address_space() -> int:
    """Return the bytes of address space that this process has now."""
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return pages * resource.getpagesize()


def limit(limits: Limits, baseline: int) -> None:
    """Limit what this process and its children may use.

    Args:
        limits: seconds, memory and file size.
        baseline: address space that the interpreter has before the script runs.
    """
    memory = baseline + limits.memory_bytes
    # Of the processor a script with threads uses more than the clock says; the clock is watched
    # from outside.
    seconds = math.ceil(limits.seconds * (os.cpu_count() or 1)) + 1
    for kind, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, limits.file_bytes),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        value = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (value, value))


def end_strays() -> None:
    """End every process below this one, and wait for it."""
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            strays = _children()
            for stray in strays:
                with suppress(ProcessLookupError):
                    os.kill(stray, signal.SIGKILL)
            if not strays:
                return
            os.waitpid(-1, 0)


def _children() -> list[int]:
    own, found = os.getpid(), []
    for entry in os.scandir("/proc"):
        if entry.name.isdecimal():
            with suppress(OSError):
                # The name, in brackets, may hold anything; the parent's id is second after it.
                status = Path(entry.path, "stat").read_text().rpartition(")")[2].split()
                if int(status[1]) == own:
                    found.append(int(entry.name))
    return found
