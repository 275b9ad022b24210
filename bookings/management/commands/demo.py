"""`manage.py demo`: a business to look at, with people, services and some bookings."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from django.utils import timezone

from bookings import commands
from bookings.management.lived_in import answers_to, live_in
from bookings.models import (
    Business,
    HoursRule,
    Question,
    Resource,
    Service,
    ServiceQuestion,
    ServiceResource,
)
from bookings.queries import availability

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
    """A service, who serves it, what it asks (`True`: must be answered), and its own hours."""

    fields: dict[str, Any]
    people: list[str]
    asks: list[tuple[tuple[str, str, str], bool]] = field(default_factory=list)
    rooms: list[str] = field(default_factory=list)
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

GUEST_NAMES = [
    "Nora Lindqvist",
    "Tomasz Zieliński",
    "Fatma Yıldız",
    "Émile Laurent",
    "Grace Okafor",
    "Hannah Vogel",
]


class Command(BaseCommand):
    """Make the demo business, once."""

    help = "Makes a demo business with services, people and bookings, unless it is there."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take `--lived-in`: a week of work instead of a few bookings."""
        parser.add_argument(
            "--lived-in", action="store_true", help="With a week of work for the desk to show."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it in one transaction: all of it or nothing."""
        if Business.objects.filter(slug=SLUG).exists():
            return
        with transaction.atomic():
            studio = _studio()
            people = [_person(studio, person) for person in PEOPLE]
            rooms = [
                Resource.objects.create(business=studio, kind="room", name=name) for name in ROOMS
            ]
            named = {resource.name: resource for resource in (*people, *rooms)}
            questions: dict[str, Question] = {}
            now, is_lived_in = timezone.now(), options["lived_in"]
            for position, offer in enumerate(OFFERS):
                service = _service(studio, position, offer, named, questions)
                if not is_lived_in:
                    _fill(service, now, first=position)
            if is_lived_in:
                live_in(studio, now=now)
            _give_addresses(people)


def _studio() -> Business:
    studio = Business.objects.create(
        slug=SLUG,
        name="Linden Studio",
        about="Hair, skin and a quiet hour. A small studio by the canal, "
        "with four people who take their time.",
        mailbox="hello@linden.example",
        zone="Europe/Berlin",
        brand="#1d6b57",
        address="Lindenstraße 12, 10969 Berlin",
        phone="+49 30 5550 1234",
        website="https://linden.example",
        is_published=True,
        notify_business=False,
    )
    _open(OPEN, business=studio)
    return studio


def _open(hours: Hours, **owner: object) -> None:
    HoursRule.objects.bulk_create(
        HoursRule(
            weekday=weekday,
            opens=time.fromisoformat(opens),
            closes=time.fromisoformat(closes),
            **owner,
        )
        for weekdays, opens, closes in hours
        for weekday in weekdays
    )


def _person(studio: Business, person: Person) -> Resource:
    made = Resource.objects.create(business=studio, name=person.name)
    _open(person.hours, business=studio, resource=made)
    return made


def _service(
    studio: Business,
    position: int,
    offer: Offer,
    named: dict[str, Resource],
    questions: dict[str, Question],
) -> Service:
    service = Service.objects.create(business=studio, position=position, **offer.fields)
    for priority, name in enumerate([*offer.people, *offer.rooms], start=1):
        ServiceResource.objects.create(service=service, resource=named[name], priority=priority)
    for place, ((text, kind, choices), is_required) in enumerate(offer.asks):
        if text not in questions:
            questions[text] = Question.objects.create(
                business=studio, text=text, kind=kind, choices=choices
            )
        ServiceQuestion.objects.create(
            service=service, question=questions[text], is_required=is_required, position=place
        )
    _open(offer.hours, business=studio, service=service)
    return service


def _fill(service: Service, now: datetime, *, first: int) -> None:
    """Book every sixth free start of the next eight days; `first` varies who comes."""
    asked = answers_to(service, now)
    free = availability.starts(service, lo=now, hi=now + timedelta(days=8), now=now)
    for number, start in enumerate(free[first % 3 :: 6][:4]):
        name = GUEST_NAMES[(first + number) % len(GUEST_NAMES)]
        if availability.why_not(service, starts_at=start.at, now=now) is None:
            commands.book(
                service=service,
                starts_at=start.at,
                seats=2 if service.is_group else 1,
                contact=commands.Contact(name=name, phone=f"+49 30 5550 {2000 + number}"),
                answers=asked,
                now=now,
                actor=commands.Actor("staff", "demo"),
            )


def _give_addresses(people: list[Resource]) -> None:
    """Give the staff their addresses last, so that the demo's own bookings send no mail."""
    for person, made in zip(PEOPLE, people, strict=True):
        made.email = person.email
        made.save(update_fields=["email"])
