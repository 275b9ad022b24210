"""What has become of something, as a page says it first."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Status:
    """What has become of a booking: headline, line under it, tone and picture."""

    headline: str
    subline: str
    tone: str = ""
    mark: str = "check"
