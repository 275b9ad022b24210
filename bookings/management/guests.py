"""The customers of the demo business, and how its desk books for them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bookings import commands
from bookings.models import Booking, Business, Customer, Question, Service, ServiceQuestion

DESK = commands.Actor("staff", "Dana Novak")
GUESTS = [
    ("Nora Lindqvist", "nora.lindqvist@example.org"),
    ("Tomasz Zieliński", "tomasz.z@example.org"),
    ("Fatma Yıldız", ""),
    ("Émile Laurent", "emile@example.org"),
    ("Grace Okafor", "grace.okafor@example.org"),
    ("Hannah Vogel", ""),
    ("Samuel Osei", "s.osei@example.org"),
    ("Ingrid Sørensen", "ingrid@example.org"),
    ("Luca Ferri", "luca.ferri@example.org"),
    ("Yuki Tanaka", "yuki@example.org"),
    ("Olivia Brandt", ""),
    ("Mateusz Nowak", "mateusz.nowak@example.org"),
    ("Clara Dubois", "clara.dubois@example.org"),
    ("Ahmet Kaya", "ahmet@example.org"),
    ("Ruth Feldman", ""),
]
"""Name and e-mail address; who has none is called."""


def welcome_guests(studio: Business, *, now: datetime) -> list[Customer]:
    """Store the customers as those who have come since `now`, and return them."""
    guests = [
        commands.add_customer(
            business=studio,
            contact=commands.Contact(name=name, phone=f"+49 30 5550 {2000 + 37 * number}"),
            now=now,
            actor=DESK,
        )
        for number, (name, _) in enumerate(GUESTS)
    ]
    for guest in guests:
        guest.created_at = now
    Customer.objects.bulk_update(guests, ["created_at"])
    return guests


def book_by_phone(
    service: Service, starts_at: datetime, guest: Customer, *, seats: int = 1, now: datetime
) -> Booking:
    """Book for somebody who has called; nothing is mailed, for nobody has an address yet."""
    return commands.book(
        service=service,
        starts_at=starts_at,
        seats=seats,
        contact=commands.Contact(name=guest.name, phone=guest.phone),
        customer=guest,
        answers=answers_to(service, starts_at),
        now=now,
        actor=DESK,
    ).booking


def give_addresses(guests: Sequence[Customer]) -> None:
    """Give the customers and their bookings their addresses last: what was booked mails nobody."""
    for guest, (_, email) in zip(guests, GUESTS, strict=True):
        guest.email = email
    Customer.objects.bulk_update(guests, ["email"])
    bookings = list(Booking.objects.filter(customer__in=guests).select_related("customer"))
    for booking in bookings:
        booking.email = booking.customer.email if booking.customer else ""
    Booking.objects.bulk_update(bookings, ["email"])


def answers_to(service: Service, starts_at: datetime) -> dict[str, str]:
    """Return answers to what a service must be told; a day is that of the start."""
    return {
        str(ask.question.public_id): _answer(ask.question, starts_at)
        for ask in ServiceQuestion.objects.filter(service=service).select_related("question")
        if ask.is_required
    }


def _answer(question: Question, starts_at: datetime) -> str:
    """Return an answer that the question takes."""
    if question.options:
        return question.options[0]
    return f"{starts_at:%Y-%m-%d}" if question.kind == "date" else "3"
