"""A letter without the characters with which a name could forge headers, lines or order."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any, cast

from bookings.calendars.text import one_line, paragraphs
from bookings.outlets.letter import Letter

_LONGEST_LINE = 2000


def harmless(letter: Letter) -> Letter:
    """Return `letter` with every string cleaned; lines stay only where it has paragraphs."""
    return cast(Letter, _cleaned(letter, lines=False))


def _cleaned(value: Any, *, lines: bool) -> Any:
    """Return `value` with the strings in it cleaned, however deep they lie."""
    if isinstance(value, str) and not isinstance(value, Enum):
        return paragraphs(value) if lines else one_line(value, _LONGEST_LINE)
    if isinstance(value, tuple):
        return tuple(_cleaned(item, lines=lines) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value,
            **{
                each.name: _cleaned(
                    getattr(value, each.name), lines=bool(each.metadata.get("paragraphs"))
                )
                for each in fields(value)
            },
        )
    return value
