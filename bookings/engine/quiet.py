"""Hours in which nobody is woken."""

from __future__ import annotations

from datetime import datetime, time

from bookings.engine.clock import DAY, at_minute, minute_of, wall_of


def end_of_quiet(
    now: datetime, *, zone: str, begins: time | None, ends: time | None
) -> datetime | None:
    """Return when the quiet hours end in which `now` lies; None outside of them.

    `begins` and `ends` are what the clock in `zone` shows; quiet hours that end before they
    begin last over midnight. Without both, or where they are the same, there are none.

    >>> from datetime import UTC
    >>> night = {"zone": "Europe/Berlin", "begins": time(21), "ends": time(8)}
    >>> str(end_of_quiet(datetime(2026, 3, 28, 22, 30, tzinfo=UTC), **night))
    '2026-03-29 06:00:00+00:00'
    >>> end_of_quiet(datetime(2026, 3, 29, 6, 0, tzinfo=UTC), **night)
    """
    if begins is None or ends is None or begins == ends:
        return None
    minute = first = minute_of(now)
    while minute < first + 2 * DAY and _is_quiet(wall_of(minute, zone).time, begins, ends):
        minute += 1
    return at_minute(minute) if minute > first else None


def _is_quiet(clock: time, begins: time, ends: time) -> bool:
    if begins < ends:
        return begins <= clock < ends
    return clock >= begins or clock < ends
