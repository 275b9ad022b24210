"""What the clients of a crowd can be sent to do. Arguments and answers are plain values."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

import psycopg
from django.db import connection
from django.test import Client
from django.utils import timezone

from bookings import commands, outbox, tasks
from bookings.commands import Actor, Contact
from bookings.errors import BookingError
from bookings.models import Appointment, Booking, Business, Message, Resource, Service
from bookings.queries import availability
from tests.proofs import browsing, calling

get, post = browsing.get, browsing.post
call, look_then_book = calling.call, calling.look_then_book
call_until_answered = calling.call_until_answered

BY_WEB = (get, post, call, look_then_book, call_until_answered)
"""Errands that need no database of their own."""

DESK = Actor("staff", "desk@example.org")


def run(
    name: str, arguments: dict[str, Any], everybody: threading.Barrier, go: threading.Event
) -> tuple[str, Any]:
    """Run one errand as soon as all are told to go; returns the kind of outcome and a value."""
    act: Callable[..., Any] = globals()[name]
    if act is check_then_insert:
        arguments["naive"] = psycopg.connect(arguments.pop("address"), autocommit=True)
    elif act not in BY_WEB:
        connection.ensure_connection()
    everybody.wait()
    go.wait()
    try:
        return "done", act(**arguments)
    except BookingError as refusal:
        return "refused", refusal.code
    except Exception as fault:
        return "broke", f"{type(fault).__name__}: {fault}"


def prepare(name: str) -> None:
    """Load what an errand needs before it is run by many forks; touches no database."""
    if name == "call_here":
        assert Client(SERVER_NAME="localhost").get("/api/v1/nowhere/").status_code == 404


def leave() -> None:
    """Close the client's connection."""
    connection.close()


def book(
    *,
    service: int,
    starts_at: str,
    now: str,
    email: str = "jo@example.org",
    seats: int = 1,
    staff: int | None = None,
    hold: str = "",
    key: str = "",
) -> int:
    """Book; returns the booking's pk."""
    booked = commands.book(
        service=_service(service),
        starts_at=datetime.fromisoformat(starts_at),
        staff=_resource(staff),
        seats=seats,
        contact=Contact(name="Jo", email=email),
        answers={},
        now=datetime.fromisoformat(now),
        hold=hold,
        key=key,
    )
    return booked.booking.pk


def hold(
    *,
    service: int,
    starts_at: str,
    now: str,
    seats: int = 1,
    staff: int | None = None,
    replacing: str = "",
) -> str:
    """Hold; returns the token."""
    held = commands.hold(
        service=_service(service),
        starts_at=datetime.fromisoformat(starts_at),
        staff=_resource(staff),
        seats=seats,
        now=datetime.fromisoformat(now),
        replacing=replacing,
    )
    return held.token


def release(*, token: str, now: str) -> None:
    """Give a hold back."""
    commands.release(token=token, now=datetime.fromisoformat(now))


def sweep(*, now: str) -> int:
    """End what has expired; returns how many appointments were touched."""
    return commands.sweep_expired(now=datetime.fromisoformat(now))


def reschedule(*, booking: int, starts_at: str, now: str, staff: int | None = None) -> str:
    """Move one booking; returns its new start."""
    moved = commands.reschedule(
        booking=Booking.objects.get(pk=booking),
        starts_at=datetime.fromisoformat(starts_at),
        staff=_resource(staff),
        now=datetime.fromisoformat(now),
    )
    return moved.appointment.starts_at.isoformat()


def reschedule_appointment(
    *, appointment: int, starts_at: str, now: str, staff: int | None = None
) -> str:
    """Move a whole appointment; returns its new start."""
    moved = commands.reschedule_appointment(
        appointment=Appointment.objects.get(pk=appointment),
        starts_at=datetime.fromisoformat(starts_at),
        staff=_resource(staff),
        now=datetime.fromisoformat(now),
        actor=DESK,
    )
    return moved.starts_at.isoformat()


def cancel(*, booking: int, now: str) -> None:
    """Cancel one booking."""
    commands.cancel_booking(
        booking=Booking.objects.get(pk=booking), now=datetime.fromisoformat(now)
    )


def cancel_appointment(*, appointment: int, now: str) -> None:
    """Cancel a whole appointment."""
    commands.cancel_appointment(
        appointment=Appointment.objects.get(pk=appointment),
        now=datetime.fromisoformat(now),
        actor=DESK,
    )


def reassign(*, appointment: int, staff: int, now: str) -> list[int]:
    """Give a whole appointment to another person; returns the pks of who serves it then."""
    given = commands.reassign(
        appointment=Appointment.objects.get(pk=appointment),
        staff=Resource.objects.get(pk=staff),
        now=datetime.fromisoformat(now),
        actor=DESK,
    )
    return list(given.resources.values_list("pk", flat=True))


def approve(*, booking: int, now: str) -> None:
    """Approve a request."""
    commands.approve(
        booking=Booking.objects.get(pk=booking), now=datetime.fromisoformat(now), actor=DESK
    )


def decline(*, booking: int, now: str) -> None:
    """Decline a request."""
    commands.decline(
        booking=Booking.objects.get(pk=booking), now=datetime.fromisoformat(now), actor=DESK
    )


def take_time_off(*, resources: list[int], starts_at: str, ends_at: str, now: str) -> list[int]:
    """Take time off; returns the pks of the appointments in the way."""
    away = [Resource.objects.select_related("business").get(pk=each) for each in resources]
    absence = commands.take_time_off(
        business=away[0].business,
        resources=away,
        starts_at=datetime.fromisoformat(starts_at),
        ends_at=datetime.fromisoformat(ends_at),
        now=datetime.fromisoformat(now),
    )
    return [appointment.pk for appointment in absence.in_the_way]


def deliver() -> int:
    """Send what is due; returns how many letters left."""
    return tasks.deliver()


def queue_letters(*, business: int, producer: int, count: int) -> None:
    """Queue so many letters to different people, each in a transaction of its own."""
    of = Business.objects.get(pk=business)
    for number in range(count):
        outbox.put_alone(
            business=of,
            key=f"mine:{producer}:{number}",
            topic="mine",
            address=f"jo{number}.{producer}@example.org",
            now=timezone.now(),
        )


def send_until(*, count: int) -> int:
    """Send what is due until so many letters have left; returns how many left from here."""
    sent = 0
    while Message.objects.filter(sent_at__isnull=False).count() < count:
        sent += tasks.deliver()
    return sent


def claim_some(*, now: str) -> list[int]:
    """Take letters until none is due; returns their pks."""
    taken = []
    while message := outbox.claim(now=datetime.fromisoformat(now)):
        taken.append(message.pk)
    return taken


def offered(*, service: int, lo: str, hi: str, now: str) -> list[str]:
    """Return the starts that this process offers, from memory where it may."""
    found = availability.starts(
        _service(service),
        lo=datetime.fromisoformat(lo),
        hi=datetime.fromisoformat(hi),
        now=datetime.fromisoformat(now),
    )
    return [f"{start.at.isoformat()} {start.seats_left}" for start in found]


def call_here(*, path: str, token: str, body: dict[str, Any], key: str) -> None:
    """Make a call of the API within this process: nothing but what it answers leaves."""
    answer = Client(SERVER_NAME="localhost").post(
        path,
        body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {token}", "Idempotency-Key": key},
    )
    assert answer.status_code < 500, answer.content


def check_then_insert(
    *, naive: psycopg.Connection[Any], resource: int, appointment: int, s: int, e: int
) -> bool:
    """Take time the naive way: look, then write. Says whether it believes to have it.

    `naive` stands for the address of the database, and is open before all are told to go.
    """
    with naive:
        taken = naive.execute(
            "SELECT EXISTS (SELECT FROM bookings_claim"
            " WHERE resource_id = %s AND s < %s AND e > %s)",
            [resource, e, s],
        ).fetchone()
        if taken == (True,):
            return False
        naive.execute(
            "INSERT INTO bookings_claim (resource_id, appointment_id, s, e)"
            " VALUES (%s, %s, %s, %s)",
            [resource, appointment, s, e],
        )
    return True


def _service(pk: int) -> Service:
    return Service.objects.select_related("business").get(pk=pk)


def _resource(pk: int | None) -> Resource | None:
    return None if pk is None else Resource.objects.get(pk=pk)
