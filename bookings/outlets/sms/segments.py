"""How many parts a text has: what networks carry, and gateways bill, one by one.

A part has 140 octets: 160 characters of the 7-bit alphabet of GSM (3GPP TS 23.038, §6.2.1), or 70
units of UCS-2 when a single character is not in it. Each of several parts gives six octets to the
header that puts them together (3GPP TS 23.040, §9.2.3.24.1): 153 characters or 67 units remain.
"""

from __future__ import annotations

from typing import Final

_PLAIN: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_ESCAPED: Final = frozenset("\f^{}\\[~]|€")
_FOR_PEOPLE: Final = str.maketrans(
    {
        **dict.fromkeys("\u00a0\u202f\u2009\u2007", " "),
        **dict.fromkeys("‐‑‒–—−", "-"),
        **dict.fromkeys("‘’‚′", "'"),
        **dict.fromkeys("“”„″«»", '"'),
        "…": "...",
        "•": "-",
    }
)


def is_plain(words: str) -> bool:
    """Say whether the 7-bit alphabet has every character of a text."""
    return all(char in _PLAIN or char in _ESCAPED for char in words)


def segments(words: str) -> int:
    """Return how many parts a text has; an empty one has one.

    >>> segments("a" * 160), segments("a" * 161), segments("€" * 80), segments("ł" * 71)
    (1, 2, 1, 2)
    """
    if is_plain(words):
        sizes, whole, part = [2 if char in _ESCAPED else 1 for char in words], 160, 153
    else:
        sizes, whole, part = [2 if ord(char) > 0xFFFF else 1 for char in words], 70, 67
    if sum(sizes) <= whole:
        return 1
    parts, left = 1, part
    for size in sizes:
        if size > left:
            parts, left = parts + 1, part
        left -= size
    return parts


def thrifty(words: str) -> str:
    """Return a text with plain dashes, quotes and blanks, where that saves parts; else as it is.

    >>> thrifty("Monday – 9:00\\u202fAM"), thrifty("Środa – 9:00")
    ('Monday - 9:00 AM', 'Środa – 9:00')
    """
    plain = words.translate(_FOR_PEOPLE)
    return plain if segments(plain) < segments(words) or is_plain(plain) else words
