"""Letters about an invented customer, to see how a business's own words look."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from bookings.composing.own_wording import worded_by
from bookings.composing.pieces import letterhead
from bookings.models import Business, OwnWording, Resource, Service
from bookings.models.money import price_in_words
from bookings.outlets import letter as written
from bookings.outlets.answers import Answer, Option
from bookings.outlets.letter import Letter, Topic
from bookings.outlets.waiting import Waiting

REFERENCE: Final = "EXAMP-LE234"
OPTIONS: Final[Mapping[Topic, tuple[Answer, ...]]] = {
    Topic.RECONFIRMATION: ("come", "cancel"),
    Topic.OFFER: ("take", "leave"),
}
"""What a letter asks."""


def example_of(own: OwnWording, *, now: datetime) -> Letter:
    """Return the letter of a wording as a customer would get it, about an invented booking.

    It is of the first service of the business, with its first person, in a week at ten. None of
    its links leads to a booking. Cost: two queries.
    """
    business, topic = own.business, Topic(own.topic)
    with translation.override(own.language):
        letter = Letter(
            topic=topic,
            audience=written.Audience.CUSTOMER,
            language=own.language,
            business=letterhead(business),
            reader=_("Kim Example"),
            waiting=_waiting(business, now) if topic == Topic.OFFER else None,
            occasion=_occasion(business, topic, now),
            is_test=True,
        )
    return worded_by(letter, own)


def _occasion(business: Business, topic: Topic, now: datetime) -> written.Occasion:
    service = Service.objects.filter(business=business).order_by("position", "name").first()
    person = Resource.objects.filter(business=business, kind="staff", is_active=True)
    names = person.order_by("name").values_list("name", flat=True)[:1]
    day = now.astimezone(ZoneInfo(business.zone)).date() + timedelta(days=7)
    starts_at = datetime.combine(day, time(10), tzinfo=ZoneInfo(business.zone))
    is_over = topic in (Topic.CANCELLED, Topic.DECLINED, Topic.REMOVED)
    price = service and price_in_words(service.price_kind, service.price, business.currency)
    return written.Occasion(
        service=service.name if service else _("Appointment"),
        when=_when(business, starts_at, service),
        where=written.Where(kind="physical", place=business.address),
        guests=(written.Guest(name=_("Kim Example"), email="", reference=REFERENCE),),
        staff=tuple(names),
        price=price or "",
        note=service.confirmation_note if service and not is_over else "",
        manage_url=f"{settings.PUBLIC_URL}/m/example/",
        before=_before(business, starts_at, service) if topic == Topic.CHANGED else None,
        is_request=topic in (Topic.REQUESTED, Topic.DECLINED, Topic.OFFER),
        has_begun=topic == Topic.FOLLOW_UP,
        options=tuple(_option(name) for name in OPTIONS.get(topic, ())),
        reason=_("An example of a reason.") if is_over else "",
        seats_taken=0 if is_over else 1,
    )


def _waiting(business: Business, now: datetime) -> Waiting:
    return Waiting(news="offered", zone=business.zone, until=now + timedelta(days=1))


def _option(name: Answer) -> Option:
    return Option(name=name, url=f"{settings.PUBLIC_URL}/a/example/")


def _when(business: Business, starts_at: datetime, service: Service | None) -> written.When:
    length = service.duration if service else timedelta(hours=1)
    return written.When(starts_at=starts_at, ends_at=starts_at + length, zone=business.zone)


def _before(business: Business, starts_at: datetime, service: Service | None) -> written.Before:
    return written.Before(when=_when(business, starts_at - timedelta(days=1), service))
