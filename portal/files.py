"""Small files that must be whole, whoever writes or reads them at the same time."""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that nobody else may read, and that no reader ever sees half written."""
    draft = _draft(path, content)
    draft.replace(path)


def written_once(path: Path, make: Callable[[], str]) -> str:
    """Return the text of the file at `path`, which the first caller makes; it is only ours."""
    if not path.exists():
        draft = _draft(path, make().encode())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text()


@contextlib.contextmanager
def locked(path: Path) -> Iterator[int | None]:
    """Hold the lock file at `path`; yields its descriptor, None when another process holds it.

    The lock ends with the last process that has the descriptor open, however that ends.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
        else:
            yield lock.fileno()


def _draft(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return draft
