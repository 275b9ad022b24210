"""The web server's processes: which they are, and how one of them dies."""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path


def workers_of(web: str) -> list[int]:
    """Return the processes that answer at an address.

    Above each of them are the server that began it and that server's keeper, which both have the
    address in their environment too.
    """
    ours = f"PUBLIC_URL={web}".encode()
    parents: dict[int, int] = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            is_ours = ours in (entry / "environ").read_bytes().split(b"\0")
            if is_ours and b"portal.wsgi" in (entry / "cmdline").read_bytes():
                parents[int(entry.name)] = _parent(entry)
    return [number for number, parent in parents.items() if parents.get(parent) in parents]


def kill(number: int) -> None:
    """End a process as `kill -9` does; one that has ended already stays so."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(number, signal.SIGKILL)


def _parent(entry: Path) -> int:
    """Return the number of a process's parent; its name, in brackets, may hold anything."""
    return int((entry / "stat").read_text().rpartition(")")[2].split()[1])
