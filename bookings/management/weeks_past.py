"""The past weeks of the demo business: what its reports count and its customers remember."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bookings import commands
from bookings.errors import SlotTaken
from bookings.management.guests import DESK, book_by_phone
from bookings.models import Booking, Business, Customer, Resource, Service
from bookings.queries import availability

WEEKDAYS: dict[str, dict[int, int]] = {
    "cut-and-style": {0: 1, 1: 2, 2: 1, 3: 2, 4: 3, 5: 2},
    "colour-and-care": {1: 1, 3: 1, 4: 1, 5: 1},
    "quiet-hour": {0: 1, 2: 1, 4: 1},
    "first-talk": {1: 1, 3: 1},
    "braids": {2: 1},
}
"""How many appointments of a service there were on a weekday, Monday being 0."""
LEADS = (2, 6, 3, 12, 4, 5, 9)
"""So many days ahead the one after the other was booked."""
PARTIES = (2, 1, 3)
REASONS = ("Fell ill", "The train did not run", "Found an earlier time")


def remember(
    studio: Business, guests: Sequence[Customer], *, first: date, last: date, now: datetime
) -> None:
    """Write down the appointments from `first` to `last`, both past, and what became of them.

    Each was booked some days before it by the clock of then. Nothing may be on these days yet.
    """
    _count_the_stock(studio, last - timedelta(days=12), now)
    services = {each.slug: each for each in studio.services.select_related("business")}
    bookings: list[Booking] = []
    for slug, weekdays in WEEKDAYS.items():
        service = services[slug]
        parties = PARTIES if service.is_group else (1,)
        for start in _starts(service, weekdays, first, last):
            for seats in parties:
                number = len(bookings)
                then = start - timedelta(days=LEADS[number % len(LEADS)], hours=number % 5)
                guest = guests[4 * number % len(guests)]
                with suppress(SlotTaken):
                    bookings.append(book_by_phone(service, start, guest, seats=seats, now=then))
    for number, booking in enumerate(bookings):
        _end(booking, number)


def _count_the_stock(studio: Business, day: date, now: datetime) -> None:
    zone = ZoneInfo(studio.zone)
    commands.take_time_off(
        business=studio,
        resources=[Resource.objects.get(business=studio, name="Sofia Rossi")],
        starts_at=datetime.combine(day, time(9), zone),
        ends_at=datetime.combine(day, time(13), zone),
        title="Stocktaking",
        now=now - timedelta(days=40),
        actor=DESK,
    )


def _starts(
    service: Service, weekdays: dict[int, int], first: date, last: date
) -> Iterator[datetime]:
    """Yield the starts that were asked for, spread over their days; two may need one person."""
    zone = ZoneInfo(service.business.zone)
    before = datetime.combine(first, time(), zone) - timedelta(days=max(LEADS) + 1)
    found = availability.over(service, first=first, last=last, zone=zone.key, now=before)
    free: dict[date, list[datetime]] = defaultdict(list)
    for each in found.starts():
        free[each.at.astimezone(zone).date()].append(each.at)
    for day, starts in free.items():
        count = weekdays.get(day.weekday(), 0)
        apart = max(len(starts) // max(count, 1), 1)
        yield from starts[day.day % apart :: apart][:count]


def _end(booking: Booking, number: int) -> None:
    """Let most come, some cancel, a few stay away; of a few nobody noted anything."""
    starts_at = booking.appointment.starts_at
    if number % 9 == 3:
        commands.cancel_booking(
            booking=booking,
            reason=REASONS[number % len(REASONS)],
            now=starts_at - timedelta(hours=25),
            actor=DESK if number % 2 else commands.CUSTOMER,
        )
    elif number % 13 == 6:
        commands.mark_no_show(booking=booking, now=starts_at + timedelta(minutes=20), actor=DESK)
    elif number % 17 != 5:
        commands.complete(booking=booking, now=booking.appointment.ends_at, actor=DESK)
