"""Which processes of an earlier run are still there."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from pathlib import Path


def recorded_pid(file: Path) -> int | None:
    """Return the process number that a lock or pid file begins with."""
    with contextlib.suppress(FileNotFoundError, ValueError, IndexError):
        return int(file.read_text().split()[0])
    return None


def command_of(pid: int) -> str:
    """Return the command line of a running process, "" when there is none.

    Numbers are used again, so whoever finds one in a file must look what it is now.
    """
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    if sys.platform == "linux":
        return ""
    listed = subprocess.run(
        ["ps", "-ww", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return listed.stdout.strip()
