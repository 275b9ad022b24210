"""Lengths of time as JSON has them."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import PlainSerializer, WithJsonSchema


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


Length = Annotated[
    timedelta,
    PlainSerializer(iso_of, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "duration"}),
]
"""ISO 8601; read as pydantic reads it."""
