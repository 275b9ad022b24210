"""Keep one child process exactly as long as the process that asked for it lives.

`keep` starts this file as a script that stands between the two. The asking process alone holds the
writing end of a pipe: when it ends, however it ends, the pipe closes, the keeper asks the child to
stop and, when its time of grace is over, kills the child with all in its process group.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import selectors
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

SET_PARENT_DEATH_SIGNAL = 1
LAST_WORDS_SECONDS = 5


@dataclass(frozen=True)
class Child:
    """A process to keep: what to run and how to end it."""

    name: str
    command: Sequence[str | Path]
    env: Mapping[str, str] | None = None
    cwd: Path | None = None
    output: IO[Any] | None = None
    """Takes the child's stdout and stderr; ours when None."""
    stop_signal: signal.Signals = signal.SIGTERM
    grace: float = 20
    """Seconds between asking the child to stop and killing it."""
    folder: Path | None = None
    """Removed, with all in it, after the child has ended."""
    user: tuple[int, int] | None = None
    """Uid and gid to run the child as; only root may give it."""
    passing: Sequence[int] = ()
    """File descriptors that the child inherits."""
    holding: Sequence[int] = ()
    """File descriptors that the keeper alone keeps open until it ends."""


class Kept:
    """A child under its keeper: it ends with this process, or when `stop` is called."""

    def __init__(self, child: Child, keeper: subprocess.Popen[bytes], pipe: int) -> None:
        self.name = child.name
        self._grace = child.grace
        self._keeper = keeper
        self._pipe: int | None = pipe

    def ended(self) -> int | None:
        """Return the child's exit code, None while it runs."""
        return self._keeper.poll()

    def ask(self) -> None:
        """Ask the child to stop; returns at once."""
        if self._pipe is not None:
            os.close(self._pipe)
            self._pipe = None

    def stop(self) -> None:
        """Ask the child to stop and wait until it and its keeper are gone."""
        self.ask()
        self._keeper.wait(self._grace + 3 * LAST_WORDS_SECONDS)


def keep(child: Child) -> Kept:
    """Start a process under a keeper of its own, in a session of its own."""
    reader, writer = os.pipe()
    order = {
        "pipe": reader,
        "stop_signal": int(child.stop_signal),
        "grace": child.grace,
        "folder": str(child.folder or ""),
        "user": child.user or (None, None),
        "passing": list(child.passing),
        "command": [str(word) for word in child.command],
    }
    keeper = subprocess.Popen(
        [sys.executable, "-I", "-S", __file__, json.dumps(order)],
        env=child.env,
        cwd=child.cwd,
        stdin=subprocess.DEVNULL,
        stdout=child.output,
        stderr=child.output,
        pass_fds=[reader, *child.passing, *child.holding],
        start_new_session=True,
    )
    os.close(reader)
    return Kept(child, keeper, writer)


def _keep_to_the_end(order: dict[str, Any]) -> int:
    """Run the child as `order` says and return its exit code."""
    wakeup, bell = os.pipe()
    os.set_blocking(bell, False)
    signal.set_wakeup_fd(bell, warn_on_full_buffer=False)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(number, lambda *_: None)
    uid, gid = order["user"]
    child = subprocess.Popen(
        order["command"],
        user=uid,
        group=gid,
        extra_groups=None if uid is None else [],
        pass_fds=order["passing"],
        process_group=0,
        preexec_fn=lambda: _die_with_keeper(order["stop_signal"]),
    )
    for descriptor in order["passing"]:
        os.close(descriptor)
    _wait_for_end(child, order["pipe"], wakeup)
    if child.poll() is None:
        child.send_signal(order["stop_signal"])
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(order["grace"])
    _end_group(child)
    if order["folder"]:
        shutil.rmtree(order["folder"], ignore_errors=True)
    code = child.wait()
    return 128 - code if code < 0 else code


def _end_group(child: subprocess.Popen[bytes]) -> None:
    """End what is left of the child and of its own children."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        until = time.monotonic() + LAST_WORDS_SECONDS
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, number)
            while time.monotonic() < until:
                child.poll()
                os.killpg(child.pid, 0)
                time.sleep(0.02)


def _die_with_keeper(stop_signal: int) -> None:
    """Have Linux send `stop_signal` should the keeper itself be killed; elsewhere do nothing."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SET_PARENT_DEATH_SIGNAL, stop_signal)


def _wait_for_end(child: subprocess.Popen[bytes], pipe: int, wakeup: int) -> None:
    """Return when the child has ended, the pipe is closed, or a signal asks to stop."""
    with selectors.DefaultSelector() as waiting:
        waiting.register(pipe, selectors.EVENT_READ)
        waiting.register(wakeup, selectors.EVENT_READ)
        while child.poll() is None:
            for key, _ in waiting.select():
                if key.fd == pipe or set(os.read(wakeup, 64)) - {signal.SIGCHLD}:
                    return


if __name__ == "__main__":
    sys.exit(_keep_to_the_end(json.loads(sys.argv[1])))
