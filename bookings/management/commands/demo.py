"""`manage.py demo`: a business to look at, with people, services and some bookings."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from django.utils import timezone

from bookings import commands
from bookings.management.guests import answers_to
from bookings.management.linden import OFFERS, OPEN, PEOPLE, ROOMS, SLUG, Hours, Offer, Person
from bookings.management.lived_in import live_in
from bookings.models import (
    Business,
    HoursRule,
    Question,
    Reminder,
    ReminderKind,
    Resource,
    Service,
    ServiceQuestion,
    ServiceResource,
)
from bookings.queries import availability

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
        country="DE",
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
    Reminder.objects.create(service=service)
    if offer.thanks:
        Reminder.objects.create(
            service=service, kind=ReminderKind.FOLLOW_UP.value, text=offer.thanks
        )
    return service


def _fill(service: Service, now: datetime, *, first: int) -> None:
    """Book every sixth free start of the next eight days; `first` varies who comes."""
    free = availability.starts(service, lo=now, hi=now + timedelta(days=8), now=now)
    for number, start in enumerate(free[first % 3 :: 6][:4]):
        name = GUEST_NAMES[(first + number) % len(GUEST_NAMES)]
        if availability.why_not(service, starts_at=start.at, now=now) is None:
            commands.book(
                service=service,
                starts_at=start.at,
                seats=2 if service.is_group else 1,
                contact=commands.Contact(name=name, phone=f"+49 30 5550 {2000 + number}"),
                answers=answers_to(service, start.at),
                now=now,
                actor=commands.Actor("staff", "demo"),
            )


def _give_addresses(people: list[Resource]) -> None:
    """Give the staff their addresses last, so that the demo's own bookings send no mail."""
    for person, made in zip(PEOPLE, people, strict=True):
        made.email = person.email
        made.save(update_fields=["email"])
