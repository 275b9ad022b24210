"""Celery's broker of files, without its one gap: here nobody ever reads half a message.

Kombu's own creates the file of a message and then writes it. A worker that looks in between finds
nothing in it, and ends.
"""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Callable
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

    def _queue_bind(self, *args: Any) -> None:
        _patiently(super()._queue_bind, *args)

    def get_table(self, exchange: str) -> Any:
        """Return the queues of an exchange."""
        return _patiently(super().get_table, exchange)


def _patiently(read: Callable[..., Any], *args: Any) -> Any:
    """Return what `read` finds in a list of queues, also where it is just being written."""
    for _ in range(TRIES - 1):
        try:
            return read(*args)
        except ValueError:
            time.sleep(0.02)
    return read(*args)


class Transport(filesystem.Transport):
    """The broker of files, by this channel."""

    Channel = Channel
