"""This process: no dump of its memory, no look into it from beside, and at the lock a new process in its place, handed a few bytes."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import NoReturn

COMMAND = "come-back"
"""The word of the command line by which the new process knows that something is handed to it."""
_PR_SET_DUMPABLE = 4
_STANDARD_INPUT = 0
_NO_CRITICAL_ERRORS, _NO_FAULT_BOX = 0x1, 0x2
"""SEM_FAILCRITICALERRORS, SEM_NOGPFAULTERRORBOX: a process that has set them is not handed to Windows' error reporting."""


def keep_memory_private() -> None:
    """No core file or crash report, and on Linux no other program of the same user may read this one's memory."""
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.kernel32.SetErrorMode(
            _NO_CRITICAL_ERRORS | _NO_FAULT_BOX
        )  # and so no dump by Windows' error reporting
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def begin_again(left: bytes) -> NoReturn:
    """Be a new process of this program, to which ``left`` is handed by a pipe or by memory, never by argument or disk.

    Nothing of the old one's memory remains. Raises OSError when the system does not start the new one; then all is as before.
    """
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    frozen = getattr(sys, "frozen", False)
    command = [sys.executable, COMMAND] if frozen else [sys.executable, "-m", "app", COMMAND]
    # PyInstaller's word for a program that starts itself anew and is no helper of the one before
    surroundings = {**os.environ, "PYINSTALLER_RESET_ENVIRONMENT": "1"} if frozen else dict(os.environ)
    if sys.platform == "linux":
        _become(command, surroundings, left)
    _be_followed(command, surroundings, left)


def handed() -> bytes:
    """What the process before this one has left; empty where there was none."""
    with suppress(OSError):  # started by hand, without any standard input
        if os.isatty(_STANDARD_INPUT):
            return b""
        with open(_STANDARD_INPUT, "rb", closefd=False) as given:
            left = given.read()
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, _STANDARD_INPUT)
        os.close(nothing)
        return left
    return b""


if sys.platform == "linux":

    def _become(command: list[str], surroundings: dict[str, str], left: bytes) -> NoReturn:
        """The same process number, a new program in it: the kernel drops the old memory."""
        with open(os.memfd_create("left"), "w+b") as memory:
            memory.write(left)
            memory.seek(0)
            os.dup2(memory.fileno(), _STANDARD_INPUT)
        for number in os.listdir("/proc/self/fd"):  # Python's own are not inherited anyway; libraries' may be
            if int(number) > 2:
                with suppress(OSError):  # the one that listed them
                    os.set_inheritable(int(number), False)
        os.execve(command[0], command, surroundings)  # noqa: S606 - this program itself


def _be_followed(command: list[str], surroundings: dict[str, str], left: bytes) -> NoReturn:
    """Where exec is no real exec (Windows), or no file can lie in memory alone (macOS): start the new one, hand over, end."""
    import subprocess  # not for the start, which has no time for it

    flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    follower = subprocess.Popen(command, stdin=subprocess.PIPE, env=surroundings, creationflags=flags)
    if sys.platform == "win32":
        import ctypes

        ctypes.windll.user32.AllowSetForegroundWindow(follower.pid)
    if follower.stdin is not None:
        follower.stdin.write(left)
        follower.stdin.close()
    os._exit(0)
