"""What a business offers, as its booking page shows it to everybody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from pydantic import Field

from bookings.engine.policy import Assignment
from bookings.faces import words
from bookings.faces.api.shapes import Duration, Instant, Money, Named, Shown, Zone, instant
from bookings.models import (
    Business,
    LocationKind,
    PriceKind,
    QuestionKind,
    Service,
    ServiceQuestion,
)
from bookings.queries.pages import ServicePage
from bookings.queries.texting import sends_texts
from bookings.queries.waiting import FullSession

Slug = Annotated[str, Field(pattern=r"^[-a-zA-Z0-9_]{1,50}$", examples=["haircut"])]


class PublicBusinessShown(Shown):
    """A business as it presents itself."""

    slug: Slug
    page: Annotated[str, Field(examples=["https://book.example.org/b/salon/"])]
    """The address of its booking page."""
    name: Annotated[str, Field(examples=["Salon Linden"])]
    about: Annotated[str, Field(examples=["Hair and more, in the old town."])]
    address: Annotated[str, Field(examples=["Lindenweg 3, 10115 Berlin"])]
    phone: str
    email: str
    """Where customers can write to."""
    website: Annotated[str | None, Field(examples=["https://salon.example.org/"])]
    time_zone: Zone
    shows_business_zone: bool
    """Times are always told in this time zone, wherever a customer is."""
    brand: Annotated[str, Field(examples=["#2f5bea"])]
    """The colour of the page."""


class PublicServiceShown(Shown):
    """A service that customers can book."""

    slug: Slug
    page: Annotated[str, Field(examples=["https://book.example.org/b/salon/haircut/"])]
    """The address of its page."""
    name: Annotated[str, Field(examples=["Haircut"])]
    description: Annotated[str, Field(examples=["Wash, cut and style."])]
    duration: Duration
    capacity: int
    """Places per appointment; above 1 it is a group appointment."""
    price_kind: PriceKind
    price: Money | None
    location_kind: LocationKind
    place: Annotated[str, Field(examples=["Lindenweg 3, 10115 Berlin"])]
    """Where it happens, in words."""
    needs_approval: bool
    """What is booked is a request until staff approve it."""
    has_waitlist: bool
    """One can wait for a place in a group that is full."""
    cancellation_notice: Duration
    """Until so long before its start a booking can be moved and cancelled by link."""


class PublicQuestion(Shown):
    """A question that a service asks."""

    id: UUID
    text: Annotated[str, Field(examples=["Is this your first visit?"])]
    kind: QuestionKind
    choices: Sequence[str]
    """What can be answered to `one_choice` and `several_choices`; none for other kinds."""
    is_required: bool


class PublicServiceInFullShown(PublicServiceShown):
    """A service that customers can book, with all that it takes to book it."""

    staff: Sequence[Named]
    """Whom a customer may choose; all who come, where they come together."""
    comes_together: bool
    """All of the staff come, so that nobody is chosen."""
    questions: Sequence[PublicQuestion]
    """What is asked, in this order."""
    consent_to_texts: Annotated[
        str | None,
        Field(examples=["Send me text messages about this booking …"]),
    ]
    """What a customer agrees to who wants text messages, to be shown as it is; null where none
    are sent."""


class FullSessionShown(Shown):
    """A group appointment with too few places left, whose waiting list one can join."""

    id: UUID
    starts_at: Instant


class FullSessionsShown(Shown):
    """The group appointments of some days for which one can wait, in their order."""

    time_zone: Zone
    sessions: Sequence[FullSessionShown]


def shown_public_business(business: Business) -> PublicBusinessShown:
    """Return how a business presents itself."""
    return PublicBusinessShown(
        slug=business.slug,
        page=address_of("site:business", business.slug),
        name=business.name,
        about=business.about,
        address=business.address,
        phone=business.phone,
        email=business.mailbox,
        website=business.website or None,
        time_zone=business.zone,
        shows_business_zone=business.shows_business_zone,
        brand=business.brand,
    )


def shown_public_service(service: Service) -> PublicServiceShown:
    """Return a service as customers see it; reads its business."""
    return PublicServiceShown(**_facts(service))


def shown_page(page: ServicePage, asks: Sequence[ServiceQuestion]) -> PublicServiceInFullShown:
    """Return a service with all that it takes to book it."""
    service = page.service
    together = service.assignment == Assignment.ALL
    consent = words.consent_to_texts(service.business.name) if sends_texts(service) else None
    return PublicServiceInFullShown(
        **_facts(service),
        staff=[Named(id=each.public_id, name=each.name) for each in page.staff],
        comes_together=together,
        questions=[_question(each) for each in asks],
        consent_to_texts=consent,
    )


def shown_sessions(sessions: Sequence[FullSession], zone: str) -> FullSessionsShown:
    """Return the sessions that one can wait for, on the clock of a zone."""
    return FullSessionsShown(
        time_zone=zone,
        sessions=[
            FullSessionShown(id=each.public_id, starts_at=instant(each.starts_at, zone))
            for each in sessions
        ],
    )


def address_of(page: str, *names: str) -> str:
    """Return the whole address of a page, or of a place in the API."""
    return settings.PUBLIC_URL + reverse(page, args=names)


def _facts(service: Service) -> dict[str, Any]:
    business = service.business
    price = service.price
    notice: timedelta = service.policy.cancellation_notice
    return {
        "slug": service.slug,
        "page": address_of("site:service", business.slug, service.slug),
        "name": service.name,
        "description": service.description,
        "duration": service.duration,
        "capacity": service.capacity,
        "price_kind": PriceKind(service.price_kind),
        "price": None if price is None else Money(amount=price, currency=business.currency),
        "location_kind": LocationKind(service.location_kind),
        "place": words.place(service.location_kind, service.place, business.address),
        "needs_approval": service.needs_approval,
        "has_waitlist": service.has_waitlist,
        "cancellation_notice": notice,
    }


def _question(ask: ServiceQuestion) -> PublicQuestion:
    return PublicQuestion(
        id=ask.question.public_id,
        text=ask.question.text,
        kind=QuestionKind(ask.question.kind),
        choices=ask.question.options,
        is_required=ask.is_required,
    )
