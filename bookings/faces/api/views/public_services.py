"""What everybody may know of a business: what it offers, and when that is free."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from bookings.engine.hours import at_minute, day_span
from bookings.errors import StaffNotOffered
from bookings.faces.api.answering import Answer
from bookings.faces.api.free import days_answer, starts_answer
from bookings.faces.api.lists import Parts, part
from bookings.faces.api.public import PublicEndpoint, PublicOperation, Visitor
from bookings.faces.api.shapes import Listed
from bookings.faces.api.shapes.availability import DaysShown, PartySpanAsked, StartsShown
from bookings.faces.api.shapes.offered import (
    FullSessionsShown,
    PublicBusinessShown,
    PublicServiceInFullShown,
    PublicServiceShown,
    shown_page,
    shown_public_business,
    shown_public_service,
    shown_sessions,
)
from bookings.faces.api.shapes.tickets import zone_for
from bookings.models import Resource
from bookings.queries import availability, pages, waiting
from bookings.queries.availability import Offer
from bookings.queries.pages import ServicePage


class PublicBusiness(PublicEndpoint):
    """A business."""

    @PublicOperation(
        "read_public_business", "Read what a business shows", shows=PublicBusinessShown
    )
    def get(self, call: Visitor, slug: str) -> PublicBusinessShown:
        """Return how a published business presents itself."""
        return shown_public_business(pages.published_business(slug))


class PublicServices(PublicEndpoint):
    """What can be booked at a business."""

    @PublicOperation(
        "list_public_services",
        "List the services that customers can book",
        query=Parts,
        shows=Listed[PublicServiceShown],
    )
    def get(self, call: Visitor, query: Parts, slug: str) -> Listed[PublicServiceShown]:
        """Return services in the order of the booking page; hidden ones are left out."""
        rows = pages.public_services(pages.published_business(slug))
        order = ("position", "name", "pk")
        return part(call, query, rows, order=order, among=rows, shows=shown_public_service)


class PublicService(PublicEndpoint):
    """A service, with all that it takes to book it."""

    @PublicOperation(
        "read_public_service",
        "Read a service that customers can book",
        shows=PublicServiceInFullShown,
    )
    def get(self, call: Visitor, slug: str, service: str) -> PublicServiceInFullShown:
        """Return the service, whom one may choose, and what it asks."""
        page = pages.service_page(slug, service)
        return shown_page(page, pages.questions_of(page.service))


class PublicStarts(PublicEndpoint):
    """The free starts of a service."""

    @PublicOperation(
        "list_public_starts",
        "List the times that customers can book",
        query=PartySpanAsked,
        shows=StartsShown,
        refuses=(StaffNotOffered,),
    )
    def get(self, call: Visitor, query: PartySpanAsked, slug: str, service: str) -> Answer:
        """Return when the service can be booked."""
        page = pages.service_page(slug, service)
        zone = zone_for(page.service.business, query.time_zone or "")
        return starts_answer(_offer(call, query, page, zone), zone)


class PublicDays(PublicEndpoint):
    """The days on which a service can be booked."""

    @PublicOperation(
        "list_public_days",
        "List the days that customers can book",
        query=PartySpanAsked,
        shows=DaysShown,
        refuses=(StaffNotOffered,),
    )
    def get(self, call: Visitor, query: PartySpanAsked, slug: str, service: str) -> Answer:
        """Return the days that have a free start."""
        page = pages.service_page(slug, service)
        zone = zone_for(page.service.business, query.time_zone or "")
        found = _offer(call, query, page, zone)
        return days_answer(found.days(query.first_day, query.last_day, zone), zone)


class FullSessions(PublicEndpoint):
    """The group appointments of a service that are full, and have a waiting list."""

    @PublicOperation(
        "list_full_sessions",
        "List the full groups that one can wait for",
        query=PartySpanAsked,
        shows=FullSessionsShown,
        refuses=(StaffNotOffered,),
    )
    def get(
        self, call: Visitor, query: PartySpanAsked, slug: str, service: str
    ) -> FullSessionsShown:
        """Return the group appointments with too few places left."""
        page = pages.service_page(slug, service)
        zone = zone_for(page.service.business, query.time_zone or "")
        lo, hi = day_span(query.first_day, query.last_day, zone)
        found = waiting.full_sessions(
            page.service,
            lo=at_minute(lo),
            hi=at_minute(hi),
            seats=query.seats,
            now=call.now,
            staff=chosen(page.staff, query.staff),
        )
        return shown_sessions(found, zone)


def chosen(staff: Sequence[Resource], named: UUID | None) -> Resource | None:
    """Return the person whom a customer chose among those who can be chosen.

    Raises:
        StaffNotOffered: they are none of them.
    """
    if named is None:
        return None
    for person in staff:
        if person.public_id == named:
            return person
    raise StaffNotOffered()


def _offer(call: Visitor, query: PartySpanAsked, page: ServicePage, zone: str) -> Offer:
    return availability.over(
        page.service,
        first=query.first_day,
        last=query.last_day,
        zone=zone,
        now=call.now,
        staff=chosen(page.staff, query.staff),
        seats=query.seats,
    )
