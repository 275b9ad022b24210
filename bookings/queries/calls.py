"""The calls of programs, for those whose programs they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bookings.models import Call

FAILED: Final = 400
"""A call with this status, or a higher one, has failed."""
LATEST: Final = 100

_LATEST_OF_EACH: Final = """
SELECT latest.*
FROM unnest(%(callers)s::text[]) AS named (caller)
CROSS JOIN LATERAL (
  SELECT * FROM bookings_call AS made
  WHERE made.caller = named.caller AND made.status >= %(least)s
  ORDER BY made.at DESC, made.id DESC
  LIMIT %(each)s
) AS latest
ORDER BY latest.at DESC, latest.id DESC
LIMIT %(most)s
"""
"""Reads the newest of each caller from the index, however many they have made."""


def latest_calls(callers: Sequence[str], *, is_failed: bool = False) -> list[Call]:
    """Return the latest calls of these callers, or those that failed, the newest first.

    At most a hundred. Cost: one query.
    """
    asked = {"least": FAILED if is_failed else 0, "each": LATEST, "most": LATEST}
    return list(Call.objects.raw(_LATEST_OF_EACH, {"callers": list(callers)} | asked))


def last_called(callers: Sequence[str]) -> dict[str, datetime]:
    """Return when each of these callers has made its last call that is kept. Cost: one query."""
    asked = {"least": 0, "each": 1, "most": len(callers)}
    rows = Call.objects.raw(_LATEST_OF_EACH, {"callers": list(callers)} | asked)
    return {call.caller: call.at for call in rows}
