"""What the clients of a crowd do. Imported in their processes, after Django is set up."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from django.db import DatabaseError

from bookings import commands
from bookings.commands import Contact
from bookings.errors import BookingError
from bookings.models import Resource, Service
from tests.bench import plain
from tests.bench.crowd import Client
from tests.bench.world import NOW

OURS, PLAIN = "ours", "plain"

Attempt = tuple[int, str, float]
"""Which round, what came of it ("booked", a refusal's code or an error), and the seconds."""


def fill_own_days(
    client: Client, *, service: int, staff: list[int], rounds: int, each: int
) -> list[tuple[str, int, float, float]]:
    """Book free times of one's own person, by either way in turn.

    Returns: way, round, when it began and ended, for every round of both ways.
    """
    offered = _service(service)
    person = Resource.objects.get(pk=staff[client.number])
    times = iter(_times(offered, count=2 * rounds * each))
    spent = []
    for number in range(rounds):
        for way in (OURS, PLAIN) if number % 2 else (PLAIN, OURS):
            client.meet()
            began = time.monotonic()
            for _ in range(each):
                _book(way, offered, person, next(times), client)
            spent.append((way, number, began, time.monotonic()))
    return spent


def rush(
    client: Client, *, alone: int, together: int, staff: int, rounds: int, first: int, way: str
) -> list[Attempt]:
    """Go for the same time as everybody else, round after round.

    Half of the clients want the person alone, the others a quarter of an hour later and with
    two more people.
    """
    offered = _service(alone if client.number % 2 or way == PLAIN else together)
    person = Resource.objects.get(pk=staff)
    later = timedelta(minutes=15 * (client.number % 2))
    attempts = []
    for number in range(rounds):
        starts_at = _at(first + number // 8, 60 * (number % 8)) + later
        client.meet()
        attempts.append((number, *_attempt(way, offered, person, starts_at, client)))
    return attempts


def join(client: Client, *, service: int, sessions: int) -> list[Attempt]:
    """Try to get a party of each size into every session, in an order of one's own."""
    offered = _service(service)
    attempts = []
    client.meet()
    for step in range(sessions):
        number = (step + client.number) % sessions
        for turn in range(4):
            seats = (turn + client.number) % 4 + 1
            starts_at = _at(number, 60)
            what, took = _attempt(OURS, offered, None, starts_at, client, seats)
            attempts.append((number, f"{what} {seats}", took))
    return attempts


def _attempt(
    way: str,
    offered: Service,
    person: Resource | None,
    starts_at: datetime,
    client: Client,
    seats: int = 1,
) -> tuple[str, float]:
    began = time.monotonic()
    try:
        _book(way, offered, person, starts_at, client, seats)
        what = "booked"
    except BookingError as refusal:
        what = refusal.code
    except DatabaseError as error:
        what = f"error: {error}"
    return what, time.monotonic() - began


def _book(
    way: str,
    offered: Service,
    person: Resource | None,
    starts_at: datetime,
    client: Client,
    seats: int = 1,
) -> None:
    address = f"{client.number}-{time.monotonic_ns()}@example.org"
    contact = Contact(name=f"Customer {client.number}", email=address)
    if way == PLAIN and person is not None:
        plain.book(service=offered, staff=person, starts_at=starts_at, contact=contact, now=NOW)
        return
    commands.book(
        service=offered,
        starts_at=starts_at,
        staff=None if offered.assignment == "all" else person,
        seats=seats,
        contact=contact,
        answers={},
        now=NOW,
    )


def _service(number: int) -> Service:
    return Service.objects.select_related("business").get(pk=number)


def _at(day: int, minute: int) -> datetime:
    """Return the instant `minute` minutes after 9 UTC on a day."""
    return NOW.replace(hour=9) + timedelta(days=day + 1, minutes=minute)


def _times(offered: Service, *, count: int) -> list[datetime]:
    """Return times from 9 to 17 UTC, day after day, that do not touch each other."""
    a_day = int(timedelta(hours=8) / offered.duration)
    length = int(offered.duration.total_seconds()) // 60
    return [_at(number // a_day, number % a_day * length) for number in range(count)]
