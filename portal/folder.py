"""Celery's broker of files, without its gaps: no message is read by half, and none goes nowhere.

Kombu's own creates the file of a message and then writes it: a worker that looks in between finds
nothing in it, and ends. And it takes a queue for listed before it is: who puts a message in between
finds no queue for it, and drops it without a word.
"""

from __future__ import annotations

import fcntl
import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty
from typing import Any, Final

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.json import dumps, loads

TRIES: Final = 50
"""How often a list of queues is read that somebody is just beginning to write."""


class Channel(filesystem.Channel):
    """Puts messages into the folder whole, and takes each by giving its file another name."""

    def _put(self, queue: str, message: Any, **kwargs: Any) -> None:  # type: ignore[override]
        known_as = uuid.uuid4()
        folder = Path(self.data_folder_out)
        draft = folder / f"{known_as}.draft"
        try:
            draft.write_text(dumps(message), encoding="utf-8")
            draft.replace(folder / f"{time.monotonic_ns():020}_{known_as}.{queue}.msg")
        except OSError as error:
            raise ChannelError(f"Cannot write to {folder}: {error}") from error

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        folder = Path(self.data_folder_in)
        waiting = [name for name in os.listdir(folder) if name.partition(".")[2] == f"{queue}.msg"]
        for name in sorted(waiting):
            taken = folder / f"{name}.taken"
            try:
                (folder / name).rename(taken)
                payload = taken.read_text(encoding="utf-8")
                taken.unlink()
            except OSError:  # somebody else was faster
                continue
            return loads(payload)
        raise Empty

    def queue_bind(self, *args: Any, **kwargs: Any) -> None:
        """List a queue as one of an exchange; who needs the list waits until it is written."""
        with _alone(Path(self.control_folder)):
            super().queue_bind(*args, **kwargs)

    def get_table(self, exchange: str) -> Any:
        """Return the queues of an exchange, also where their list is just being written."""
        for _ in range(TRIES - 1):
            try:
                return super().get_table(exchange)
            except ValueError:
                time.sleep(0.02)
        return super().get_table(exchange)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one thread of one process at a time change the lists in a folder."""
    with (folder / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


class Transport(filesystem.Transport):
    """The broker of files, by this channel."""

    Channel = Channel
