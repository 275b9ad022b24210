"""A bounded memory of bitmaps, shared by the threads of one process."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")


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
