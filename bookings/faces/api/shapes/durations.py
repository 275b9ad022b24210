"""Lengths of time as JSON has them."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import timedelta
from typing import Annotated, Final

from pydantic import (
    GetPydanticSchema,
    PlainSerializer,
    TypeAdapter,
    ValidationError,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError
from pydantic_core.core_schema import no_info_plain_validator_function


def iso_of(length: timedelta) -> str:
    """Return a length in days and less (ISO 8601); a year has no length of its own.

    >>> iso_of(timedelta(days=400, minutes=90))
    'P400DT1H30M'
    >>> iso_of(timedelta(milliseconds=1250)), iso_of(timedelta(0))
    ('PT1.25S', 'PT0S')
    """
    sign, rest = ("-", -length) if length < timedelta(0) else ("", length)
    hours, minutes, seconds = rest.seconds // 3600, rest.seconds // 60 % 60, rest.seconds % 60
    exact = seconds + rest.microseconds / 1_000_000
    clock = [f"{hours}H" if hours else "", f"{minutes}M" if minutes else ""]
    clock.append(f"{exact:.6f}".rstrip("0").rstrip(".") + "S" if exact else "")
    days = f"{rest.days}D" if rest.days else ""
    if not any(clock):
        return f"{sign}P{days or 'T0S'}"
    return f"{sign}P{days}T{''.join(clock)}"


_LENGTHS: Final = TypeAdapter(timedelta)
_UNEQUAL: Final = re.compile(r"[+-]?P[^T]*[YM]", re.IGNORECASE)
"""Months and years."""


def _length(given: object) -> timedelta:
    if isinstance(given, timedelta):
        return given
    if isinstance(given, str) and not _UNEQUAL.match(given.strip()):
        with suppress(ValidationError):
            return _LENGTHS.validate_strings(given)
    said = "Write a length as ISO 8601 says, in weeks and less: months and years have none"
    raise PydanticCustomError("length", "{said}", {"said": said})


Length = Annotated[
    timedelta,
    GetPydanticSchema(lambda _type, _rest: no_info_plain_validator_function(_length)),
    PlainSerializer(iso_of, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "duration"}),
]
"""ISO 8601, without months and years."""
