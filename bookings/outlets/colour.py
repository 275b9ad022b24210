"""The brand colour in mails, which have no style sheet to compute anything."""

from __future__ import annotations

import re
from typing import Final

_HEX: Final = re.compile("#[0-9a-fA-F]{6}")
_FALLBACK: Final = "#334155"


def brand(colour: str) -> str:
    """Return `colour` if it is `#rrggbb`, else a quiet grey."""
    return colour if _HEX.fullmatch(colour) else _FALLBACK


def ink(colour: str) -> str:
    """Return black or white, whichever reads better on `colour` (`#rrggbb`).

    The better of the two always has a contrast of at least 4.5 to 1.

    >>> ink("#b4232c"), ink("#ffd400")
    ('#ffffff', '#000000')
    """
    luminance = _luminance(colour)
    return "#ffffff" if 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 else "#000000"


def _luminance(colour: str) -> float:
    """Return the relative luminance as WCAG defines it, 0 to 1."""
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
