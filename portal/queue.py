"""A message broker made of files, for a portal on one machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def options(folder: Path) -> dict[str, Any]:
    """Return the transport options of Celery's `filesystem://` broker; makes the folders.

    Nothing is lost with these files: what must happen stands in the database, and the queue only
    rings the bell.
    """
    parts = {part: folder / part for part in ("messages", "control", "processed")}
    for part in parts.values():
        part.mkdir(parents=True, exist_ok=True)
    return {
        "data_folder_in": str(parts["messages"]),
        "data_folder_out": str(parts["messages"]),
        "control_folder": str(parts["control"]),
        "processed_folder": str(parts["processed"]),
        "store_processed": False,
        "polling_interval": 0.2,
    }
