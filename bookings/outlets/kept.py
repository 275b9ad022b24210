"""Letters and texts that lie in files, because no mail server or gateway is named."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Collection
from pathlib import Path

from django.conf import settings

_OURS = re.compile(r"<([0-9a-f]{40})@[^>]*>")
_FILE = re.compile(r"-([0-9a-f]{40})\.(?:eml|txt)")


def name_of(key: str) -> str:
    """Return the name of what is sent under this key: the same for every try."""
    return hashlib.sha256(key.encode()).hexdigest()[:40]


def letter_name(message_id: str) -> str:
    """Return the name of a letter of ours, from its Message-ID; "" for other people's."""
    ours = _OURS.fullmatch(message_id)
    return ours[1] if ours else ""


def shred(names: Collection[str]) -> int:
    """Delete the files with these names, half-written ones too; returns how many.

    Cost: the names of all files are read, unless no name is given.
    """
    found = [file for folder in _folders() for file in _named(folder, names)] if names else []
    for file in found:
        file.unlink(missing_ok=True)
    return len(found)


def _folders() -> list[Path]:
    folders = [Path(settings.MAIL_DIR), Path(settings.SMS_DIR)]
    return [folder for folder in folders if folder.is_dir()]


def _named(folder: Path, names: Collection[str]) -> list[Path]:
    with os.scandir(folder) as entries:
        return [Path(entry.path) for entry in entries if _name(entry.name) in names]


def _name(file: str) -> str:
    found = _FILE.search(file)
    return found[1] if found else ""
