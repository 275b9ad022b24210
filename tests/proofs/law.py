"""A pretend time-zone law, as a compiled zone file that Python's `zoneinfo` can be pointed at."""

from __future__ import annotations

import struct
from pathlib import Path


def always(folder: Path, zone: str, *, hours: int) -> Path:
    """Write a law by which `zone` is `hours` ahead of UTC at all times; return the folder.

    The file is TZif version 2 (RFC 9636): an empty first part, then one local time type, no
    transitions, and the rule for all the time to come.
    """
    name = f"+{hours:02}".encode() + b"\0"
    empty = struct.pack(">4sc15x6l", b"TZif", b"2", 0, 0, 0, 0, 1, 1) + bytes(7)
    counts = struct.pack(">4sc15x6l", b"TZif", b"2", 0, 0, 0, 0, 1, len(name))
    local_time = struct.pack(">lbB", hours * 3600, 0, 0)
    rule = f"\n<+{hours:02}>-{hours}\n".encode()
    file = folder / zone
    file.parent.mkdir(parents=True)
    file.write_bytes(empty + counts + local_time + name + rule)
    return folder
