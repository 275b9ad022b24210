"""Why a message does not leave now, although what it says is true."""

from __future__ import annotations

from datetime import datetime


class Later(Exception):
    """It is put off until then."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


class Needless(Exception):
    """Nobody shall read it any more; the text says why, in one sentence for staff."""
