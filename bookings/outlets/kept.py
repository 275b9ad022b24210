"""Letters that lie in files, because no mail server is named."""

from __future__ import annotations

import os
import re
from collections.abc import Collection
from pathlib import Path

from django.conf import settings

_OURS = re.compile(r"<([0-9a-f]{40})@[^>]*>")
_FILE = re.compile(r"-([0-9a-f]{40})\.eml")


def letter_name(message_id: str) -> str:
    """Return the name of a letter of ours, from its Message-ID; "" for other people's."""
    ours = _OURS.fullmatch(message_id)
    return ours[1] if ours else ""


def shred(names: Collection[str]) -> int:
    """Delete the files of the letters with these names, half-written ones too; returns how many.

    Cost: the names of all files are read, unless no name is given.
    """
    folder = Path(settings.MAIL_DIR)
    if not names or not folder.is_dir():
        return 0
    with os.scandir(folder) as entries:
        found = [entry for entry in entries if _name(entry.name) in names]
    for entry in found:
        Path(entry.path).unlink(missing_ok=True)
    return len(found)


def _name(file: str) -> str:
    found = _FILE.search(file)
    return found[1] if found else ""
