"""Texts that lie in files, because no gateway is named."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from bookings.outlets.envelope import OutletError, Receipt, Text
from bookings.outlets.kept import name_of
from bookings.outlets.sms.gateway import Call, Inbound, Report
from bookings.outlets.sms.segments import segments


class FileGateway:
    """Write each text to a file of its own that nobody else may read.

    The names sort by the time of sending and end in the name of the text, by which it can be
    found and shredded. Nobody calls back: no call is genuine.
    """

    name: ClassVar[str] = "file"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, text: Text, *, report_url: str) -> Receipt:
        """Write the file, whole or not at all, and return the name of the text.

        Raises:
            OutletError: the file cannot be written now.
        """
        known_as = name_of(text.key)
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%f")
        file = self.folder / f"{stamp}-{known_as}.txt"
        said = f"To: {text.number}\nParts: {segments(text.words)}\n\n{text.words}\n"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            draft = self.folder / f".{file.name}"
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as out:
                out.write(said.encode())
            draft.replace(file)
        except OSError as failure:
            raise OutletError(str(failure), permanent=False) from failure
        return Receipt(remote_id=known_as)

    def is_genuine(self, call: Call) -> bool:
        """Say no: nobody calls back."""
        return False

    def report(self, call: Call) -> Report | None:
        """Return None: nobody calls back."""
        return None

    def inbound(self, call: Call) -> Inbound | None:
        """Return None: nobody calls back."""
        return None
