"""Linden Studio, the demo business: who works there, what it offers, and when it is open."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

SLUG = "linden-studio"
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY = range(6)
Hours = list[tuple[range | tuple[int, ...], str, str]]

OPEN: Hours = [
    (range(MONDAY, SATURDAY), "09:00", "13:00"),
    (range(MONDAY, SATURDAY), "13:45", "19:00"),
    ((SATURDAY,), "09:00", "15:00"),
]


@dataclass(frozen=True)
class Person:
    """One of the staff; without hours of their own they keep those of the studio."""

    name: str
    email: str
    hours: Hours = field(default_factory=list)


PEOPLE = [
    Person("Amira Haddad", "amira@linden.example"),
    Person("Jonas Weber", "jonas@linden.example", [(range(TUESDAY, SATURDAY), "09:00", "17:00")]),
    Person("Mei Lin", "mei@linden.example", [(range(MONDAY, FRIDAY), "11:00", "19:00")]),
    Person("Sofia Rossi", "sofia@linden.example"),
]
ROOMS = ["Quiet room", "Garden room"]

HAIR = ("How long is your hair?", "one_choice", "Short\nTo the shoulders\nLonger")
FIRST = ("Is this your first visit?", "yes_no", "")
DRINKS = ("What may we bring you to drink?", "several_choices", "Tea\nCoffee\nWater")
SKIN = ("Is there anything we should know about your skin?", "long_text", "")
CALL = ("Which number may we call if the picture fails?", "phone", "")
PARTY_DAY = ("On which day is the wedding?", "date", "")
GUESTS = ("How many people are we getting ready?", "number", "")


@dataclass(frozen=True)
class Offer:
    """A service, who serves it, what it asks (`True`: must be answered), and its own hours.

    Each reminds its customers a day before; `thanks` are said a day after, where there are any.
    """

    fields: dict[str, Any]
    people: list[str]
    asks: list[tuple[tuple[str, str, str], bool]] = field(default_factory=list)
    rooms: list[str] = field(default_factory=list)
    thanks: str = ""
    hours: Hours = field(default_factory=list)


def _minutes(count: int) -> timedelta:
    return timedelta(minutes=count)


OFFERS = [
    Offer(
        {
            "slug": "cut-and-style",
            "name": "Cut & style",
            "description": "A wash, a cut, and time to talk about what suits you.",
            "duration": _minutes(45),
            "buffer_after": _minutes(15),
            "price_kind": "fixed",
            "price": Decimal(48),
            "confirmation_note": "Please come five minutes early; there is tea.",
            "sends_sms": True,
        },
        people=["Amira Haddad", "Jonas Weber", "Mei Lin"],
        asks=[(HAIR, True), (FIRST, False), (DRINKS, False)],
    ),
    Offer(
        {
            "slug": "colour-and-care",
            "name": "Colour & care",
            "description": "Colour, gloss and care. New to us? We test a strand first.",
            "duration": _minutes(120),
            "buffer_after": _minutes(15),
            "price_kind": "starting_at",
            "price": Decimal(95),
        },
        people=["Amira Haddad", "Sofia Rossi"],
        asks=[(HAIR, True), (SKIN, False)],
    ),
    Offer(
        {
            "slug": "quiet-hour",
            "name": "The quiet hour",
            "description": "A facial massage in a room of your own. Nobody talks unless you do.",
            "duration": _minutes(60),
            "buffer_before": _minutes(10),
            "buffer_after": _minutes(10),
            "price_kind": "fixed",
            "price": Decimal(72),
        },
        people=["Mei Lin", "Sofia Rossi"],
        asks=[(SKIN, False)],
        rooms=ROOMS,
        thanks="We hope the quiet stays with you for a while. Tell us if something hurts.",
    ),
    Offer(
        {
            "slug": "first-talk",
            "name": "A first talk",
            "description": "New here? Show us a picture and ask everything, by video.",
            "duration": _minutes(20),
            "interval": _minutes(20),
            "price_kind": "free",
            "location_kind": "online",
            "join_link": "https://meet.example/linden-studio",
            "minimum_lead": _minutes(30),
        },
        people=["Amira Haddad", "Jonas Weber"],
        asks=[(CALL, False)],
    ),
    Offer(
        {
            "slug": "braids",
            "name": "Evening class: braids",
            "description": "Four braids in an evening, around the big table. Brushes are here.",
            "duration": _minutes(90),
            "interval": _minutes(90),
            "capacity": 8,
            "price_kind": "fixed",
            "price": Decimal(25),
            "place": "The big table, ground floor",
            "allow_staff_selection": False,
            "availability": "weekly",
            "has_waitlist": True,
        },
        people=["Sofia Rossi"],
        hours=[((MONDAY, WEDNESDAY, FRIDAY), "17:30", "19:00")],
    ),
    Offer(
        {
            "slug": "wedding",
            "name": "Wedding morning",
            "description": "Two of us come to you, with everything, and leave you shining.",
            "duration": _minutes(180),
            "buffer_before": _minutes(30),
            "buffer_after": _minutes(30),
            "assignment": "all",
            "needs_approval": True,
            "price_kind": "call_us",
            "location_kind": "offsite",
            "minimum_lead": timedelta(days=7),
            "maximum_advance": timedelta(days=180),
            "interval": _minutes(60),
        },
        people=["Amira Haddad", "Sofia Rossi"],
        asks=[(PARTY_DAY, True), (GUESTS, True)],
    ),
]
