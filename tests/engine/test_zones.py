"""Opening hours at the changes of the clocks, in every zone there is."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import islice, pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest

from bookings.engine.hours import (
    Hours,
    Segment,
    Wall,
    at_minute,
    ceil_minute,
    day_span,
    instants_of,
    is_zone,
    minute_of,
    offsets,
    wall_of,
    windows,
)
from bookings.engine.slots import Shape, fits, grid_mask, minutes

TODAY = datetime(2026, 11, 20, tzinfo=UTC)
HALF_HOUR = Shape(duration=30, before=0, after=0, interval=15)
ZONES = sorted(available_timezones() - {"Factory", "localtime"})


def local(minute: int, zone: str) -> datetime:
    """Return what the clock shows, straight from the time zone database."""
    return at_minute(minute).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def transitions(zone: str) -> Iterator[int]:
    """Yield the UTC minutes after today at which the clock jumps, within two years."""

    def ahead(minute: int) -> timedelta:
        return local(minute, zone) - at_minute(minute).replace(tzinfo=None)

    first = minute_of(TODAY)
    for before, after in pairwise(range(first, first + 2 * 366 * 1440, 1440)):
        if ahead(before) != ahead(after):
            day = range(before, after)
            yield before + bisect(day, False, key=lambda minute: ahead(minute) != ahead(before))


@cache
def changes() -> dict[str, list[int]]:
    """Return the next three transitions of each zone that has any."""
    found = {zone: list(islice(transitions(zone), 3)) for zone in ZONES}
    return {zone: coming for zone, coming in found.items() if coming}


def starts(zone: str, segment: Segment, lo: int, hi: int) -> list[int]:
    hours = Hours(zone, ((segment,),) * 7, {})
    open_ = windows(hours, lo, hi + HALF_HOUR.duration)
    return minutes(fits(open_, HALF_HOUR, lo, hi) & grid_mask(open_, HALF_HOUR, lo, hi), lo)


def test_most_of_the_world_still_changes_its_clocks() -> None:
    assert len(changes()) > 150
    assert all(len(coming) == 3 for coming in changes().values())


def test_every_quarter_that_the_clock_shows_around_a_change_is_a_start_and_no_other() -> None:
    whole_day = Segment(0, 1440)
    for zone, coming in changes().items():
        for change in coming:
            lo, hi = change - 200, change + 200
            shown = [m for m in range(lo, hi) if local(m, zone).minute % 15 == 0]
            assert starts(zone, whole_day, lo, hi) == shown, (zone, at_minute(change))


def test_no_instant_shows_a_skipped_time_and_two_show_a_repeated_one() -> None:
    for zone, coming in changes().items():
        for change in coming:
            before = local(change - 1, zone) + timedelta(minutes=1)
            after = local(change, zone)
            lo, hi = min(before, after), max(before, after)
            for clock in (lo, lo + (hi - lo) / 2, hi - timedelta(minutes=1)):
                found = instants_of(clock.date(), clock.time(), zone)
                assert [local(minute, zone) for minute in found] == (
                    [] if after > before else [clock, clock]
                ), (zone, clock)
            assert len(instants_of(hi.date(), hi.time(), zone)) == 1


def test_a_visit_across_a_change_takes_its_real_time() -> None:
    for zone, coming in changes().items():
        for change in coming:
            wall = local(change, zone)
            opens = (wall - timedelta(minutes=90)).hour * 60 + wall.minute
            segment = Segment(opens % 1440, opens % 1440 + 210)
            lo, hi = change - 300, change + 300

            def is_open(minute: int, zone: str = zone, segment: Segment = segment) -> bool:
                now = local(minute, zone).hour * 60 + local(minute, zone).minute
                return segment.opens <= now < segment.closes or now + 1440 < segment.closes

            open_ = {minute for minute in range(lo, hi + 30) if is_open(minute)}
            expected = [
                minute
                for minute in range(lo, hi)
                if open_.issuperset(range(minute, minute + 30))
                and (local(minute, zone).hour * 60 + local(minute, zone).minute - segment.opens)
                % 15
                == 0
            ]
            assert starts(zone, segment, lo, hi) == expected, (zone, at_minute(change))


@pytest.mark.parametrize(
    "zone", ["Africa/Monrovia", "Africa/Casablanca", "Asia/Gaza", "America/St_Johns"]
)
def test_offsets_are_found_without_gaps_and_as_the_clock_has_them(zone: str) -> None:
    lo, hi = (
        minute_of(datetime(1970, 1, 1, tzinfo=UTC)),
        minute_of(datetime(2040, 1, 1, tzinfo=UTC)),
    )
    spans = offsets(zone, lo, hi)
    assert (spans[0][0], spans[-1][1]) == (lo, hi)
    for (_, end, ahead), (start, _, later) in pairwise(spans):
        assert (end, ahead != later) == (start, True)
    for minute in range(lo, hi, 60 * 11):
        ahead = next(ahead for start, end, ahead in spans if start <= minute < end)
        assert at_minute(minute + ahead).replace(tzinfo=None, second=0) == local(
            minute, zone
        ).replace(second=0)


def test_a_zone_that_skipped_a_day_has_no_hours_on_it() -> None:
    skipped = date(2011, 12, 30)
    start, end = day_span(skipped, skipped, "Pacific/Apia")
    assert start == end
    assert instants_of(skipped, time(12), "Pacific/Apia") == ()
    hours = Hours("Pacific/Apia", ((Segment(540, 600),),) * 7, {})
    open_ = windows(hours, start - 1440, start + 1440)
    assert [wall_of(window.start, "Pacific/Apia").day for window in open_] == [
        date(2011, 12, 29),
        date(2011, 12, 31),
    ]


def test_days_follow_each_other_without_gap_or_overlap_across_changes() -> None:
    for zone in changes():
        days = [date(2026, 11, 20) + timedelta(days=shift) for shift in range(400)]
        spans = [day_span(day, day, zone) for day in days]
        assert all(a[1] == b[0] for a, b in pairwise(spans)), zone
        assert day_span(days[0], days[-1], zone) == (spans[0][0], spans[-1][1])


def test_the_second_pass_of_a_repeated_hour_is_told_from_the_first() -> None:
    first, second = instants_of(date(2026, 10, 25), time(2, 30), "Europe/Berlin")
    assert second - first == 60
    assert wall_of(first, "Europe/Berlin") == Wall(date(2026, 10, 25), time(2, 30), 0)
    assert wall_of(second, "Europe/Berlin") == Wall(date(2026, 10, 25), time(2, 30), 1)


def test_instants_are_rounded_to_minutes_on_either_side() -> None:
    at = datetime(2026, 11, 20, 12, 0, 0, 1, tzinfo=UTC)
    assert ceil_minute(at) - minute_of(at) == 1
    assert at_minute(minute_of(at)) == datetime(2026, 11, 20, 12, tzinfo=UTC)
    whole = datetime(2026, 11, 20, 13, tzinfo=ZoneInfo("Europe/Berlin"))
    assert ceil_minute(whole) == minute_of(whole) == minute_of(at)


@pytest.mark.parametrize(
    "name", ["", "Nowhere", "../etc/passwd", "America", "Factory", "localtime", "UTC\0", "x" * 9999]
)
def test_what_is_not_a_time_zone_is_refused(name: str) -> None:
    assert not is_zone(name)


def test_every_time_zone_is_known() -> None:
    assert all(is_zone(zone) for zone in ZONES)


@pytest.mark.parametrize(("opens", "closes"), [(-1, 60), (1440, 1500), (60, 60), (60, 1501)])
def test_an_impossible_segment_is_refused(opens: int, closes: int) -> None:
    with pytest.raises(ValueError, match="impossible segment"):
        Segment(opens, closes)
