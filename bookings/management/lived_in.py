"""Some weeks in the life of the demo business: what its desk has to show."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bookings import commands
from bookings.management.guests import (
    DESK,
    answers_to,
    book_by_phone,
    give_addresses,
    welcome_guests,
)
from bookings.management.weeks_past import remember
from bookings.models import Booking, Business, Customer, Resource, Service
from bookings.queries import availability

BEFORE, AFTER = 3, 6
"""So many days back and ahead there are appointments."""
A_DAY = {"cut-and-style": 3, "first-talk": 2, "colour-and-care": 2, "quiet-hour": 2, "braids": 1}
"""How many appointments of each service there are on a day that has room for them."""


def live_in(studio: Business, *, now: datetime) -> None:
    """Fill the days around now with appointments in every state, and four weeks before them.

    What is around now was entered in the days before, so that what is past could be booked. Nothing
    is mailed but the request for a wedding.
    """
    then = now - timedelta(days=BEFORE + 1)
    today = now.astimezone(ZoneInfo(studio.zone)).date()
    guests = welcome_guests(studio, now=now - timedelta(days=60))
    last = today - timedelta(days=BEFORE + 1)
    remember(studio, guests, first=last - timedelta(days=27), last=last, now=now)
    _ask_for_a_wedding(studio, then)
    _take_time_off(studio, now)
    bookings = _fill(studio, guests, then)
    _attend(bookings, now)
    give_addresses(guests)


def _ask_for_a_wedding(studio: Business, then: datetime) -> None:
    """Ask for what has to be approved, as a customer does."""
    wedding = studio.services.get(slug="wedding")
    free = availability.starts(wedding, lo=then, hi=then + timedelta(days=14), now=then)
    commands.book(
        service=wedding,
        starts_at=free[0].at,
        contact=commands.Contact(
            name="Leonie Hartmann", email="leonie@example.org", phone="+49 30 5550 7788"
        ),
        answers=answers_to(wedding, free[0].at),
        now=then,
    )


def _take_time_off(studio: Business, now: datetime) -> None:
    zone = ZoneInfo(studio.zone)
    for name, days, title in (("Mei Lin", 1, "Dentist"), ("Jonas Weber", 3, "Training")):
        day = now.astimezone(zone).date() + timedelta(days=days)
        commands.take_time_off(
            business=studio,
            resources=[Resource.objects.get(business=studio, name=name)],
            starts_at=datetime.combine(day, time(15), zone),
            ends_at=datetime.combine(day, time(17), zone),
            title=title,
            now=now,
            actor=DESK,
        )


def _fill(studio: Business, guests: list[Customer], then: datetime) -> list[Booking]:
    services = {each.slug: each for each in studio.services.select_related("business")}
    first = then.astimezone(ZoneInfo(studio.zone)).date() + timedelta(days=1)
    made: list[Booking] = []
    for day in (first + timedelta(days=number) for number in range(BEFORE + AFTER + 1)):
        for slug, count in A_DAY.items():
            for start in _some(services[slug], day, count, then):
                parties = (2, 1, 3) if services[slug].is_group else (1,)
                for seats in parties:
                    guest = guests[len(made) % len(guests)]
                    at = then - timedelta(hours=19 * (len(made) % 10))
                    made.append(book_by_phone(services[slug], start, guest, seats=seats, now=at))
    return made


def _some(service: Service, day: date, count: int, then: datetime) -> Iterator[datetime]:
    """Yield some starts of a day, spread over it, each still free when it comes."""
    zone = service.business.zone
    offer = availability.over(service, first=day, last=day, zone=zone, now=then)
    free = [start.at for start in offer.starts()]
    apart = max(len(free) // count, 1)
    for start in free[day.day % apart :: apart][:count]:
        if availability.why_not(service, starts_at=start, now=then) is None:
            yield start


def _attend(bookings: list[Booking], now: datetime) -> None:
    """Note who came: all but every ninth, and who is being served at the moment."""
    past = [each for each in bookings if each.appointment.starts_at <= now]
    for number, booking in enumerate(past):
        if number % 9 == 4:
            commands.mark_no_show(booking=booking, now=now, actor=DESK)
            continue
        commands.check_in(booking=booking, now=now, actor=DESK)
        if booking.appointment.ends_at <= now:
            commands.complete(booking=booking, now=now, actor=DESK)
