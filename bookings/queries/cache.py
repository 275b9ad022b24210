"""What is remembered between requests, shared by the threads of one process, within a limit."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

Value = TypeVar("Value")

CHUNK = 8 * 1440
"""Bitmaps are remembered in pieces of this many minutes."""


class Memory(Generic[Value]):
    """Remember values by key; forget the least recently used beyond `limit` bytes."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held = 0
        self._rows: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Value | None:
        """Return what was put under `key`, or None."""
        with self._lock:
            row = self._rows.get(key)
            if row is None:
                return None
            self._rows.move_to_end(key)
            return row[0]

    def put(self, key: Hashable, value: Value, size: int) -> None:
        """Keep `value`, which weighs about `size` bytes."""
        with self._lock:
            old = self._rows.pop(key, None)
            self._held += size - (old[1] if old else 0)
            self._rows[key] = (value, size)
            while self._held > self._limit and len(self._rows) > 1:
                self._held -= self._rows.popitem(last=False)[1][1]

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._rows.clear()
            self._held = 0


@dataclass(frozen=True, slots=True)
class Strip:
    """A bitmap over the minutes, and the minute from which it no longer holds."""

    bits: int
    expires: int | None = None


class Strips:
    """Remember bitmaps in pieces of `CHUNK` minutes, each for as long as its stamp holds.

    Chunk n is the minutes from n × CHUNK on, so that different windows share their pieces.
    """

    def __init__(self, limit: int) -> None:
        self._pieces: Memory[tuple[object, int | None, bytes]] = Memory(limit)

    def get(self, key: Hashable, stamp: object, chunks: range, *, minute: int = 0) -> Strip | None:
        """Return what is remembered of `chunks`, bit 0 the first minute of the first.

        None where a piece is missing, was made under another stamp or has expired by `minute`.
        """
        pieces: list[bytes] = []
        soonest: int | None = None
        for chunk in chunks:
            piece = self._pieces.get((key, chunk))
            if piece is None or piece[0] != stamp:
                return None
            expires = piece[1]
            if expires is not None:
                if expires <= minute:
                    return None
                soonest = expires if soonest is None else min(soonest, expires)
            pieces.append(piece[2])
        return Strip(int.from_bytes(b"".join(pieces), "little"), soonest)

    def put(self, key: Hashable, stamp: object, chunks: range, strip: Strip) -> None:
        """Keep a bitmap that covers `chunks` and nothing beyond."""
        width = CHUNK // 8
        whole = strip.bits.to_bytes(len(chunks) * width, "little")
        for number, chunk in enumerate(chunks):
            piece = whole[number * width : (number + 1) * width]
            self._pieces.put((key, chunk), (stamp, strip.expires, piece), size=width + 400)

    def clear(self) -> None:
        """Forget everything."""
        self._pieces.clear()
