"""What is free, and why something is not."""

from __future__ import annotations

from uuid import UUID

from accounts.roles import Capability, Reach
from accounts.scopes import Scope
from bookings.errors import StaffNotOffered
from bookings.faces.api.answering import Answer
from bookings.faces.api.call import Call, named_by, one
from bookings.faces.api.free import days_answer, starts_answer
from bookings.faces.api.operation import Endpoint, Operation
from bookings.faces.api.shapes.availability import (
    DaysShown,
    ServiceSpanAsked,
    StartAsked,
    StartsShown,
    VerdictShown,
)
from bookings.faces.api.shapes.verdicts import shown_verdict
from bookings.models import Resource, Service
from bookings.queries import availability
from bookings.queries.availability import Offer
from bookings.queries.reasons import verdict
from bookings.queries.serving import choosable_staff


class Starts(Endpoint):
    """The free starts of a service."""

    @Operation(
        "list_free_starts",
        "List the free starts of a service",
        scope=Scope.AVAILABILITY_READ,
        needs=Capability.BOOK,
        query=ServiceSpanAsked,
        shows=StartsShown,
        refuses=(StaffNotOffered,),
    )
    def get(self, call: Call, query: ServiceSpanAsked) -> Answer:
        """Return when the service can be booked; a start in the list can be taken as it is."""
        zone = query.time_zone or call.colleague.business.zone
        return starts_answer(_offer(call, query, zone), zone)


class Days(Endpoint):
    """The days on which a service can be booked."""

    @Operation(
        "list_free_days",
        "List the days that have a free start",
        scope=Scope.AVAILABILITY_READ,
        needs=Capability.BOOK,
        query=ServiceSpanAsked,
        shows=DaysShown,
        refuses=(StaffNotOffered,),
    )
    def get(self, call: Call, query: ServiceSpanAsked) -> Answer:
        """Return the days; cheaper than their starts where only days are shown."""
        zone = query.time_zone or call.colleague.business.zone
        found = _offer(call, query, zone)
        return days_answer(found.days(query.first_day, query.last_day, zone), zone)


class WhyNot(Endpoint):
    """Why a start cannot be booked."""

    @Operation(
        "explain_start",
        "Say why a start cannot be booked",
        scope=Scope.AVAILABILITY_READ,
        needs=Capability.BOOK,
        query=StartAsked,
        shows=VerdictShown,
        refuses=(StaffNotOffered,),
    )
    def get(self, call: Call, query: StartAsked) -> VerdictShown:
        """Return the rule that refuses a start, and the facts behind it."""
        service = _service(call, query.service)
        found = verdict(
            service,
            starts_at=query.starts_at,
            now=call.now,
            staff=_person(call, service, query.staff),
            seats=query.seats,
        )
        return shown_verdict(found, call.colleague)


def _offer(call: Call, query: ServiceSpanAsked, zone: str) -> Offer:
    service = _service(call, query.service)
    return availability.over(
        service,
        first=query.first_day,
        last=query.last_day,
        zone=zone,
        now=call.now,
        staff=_person(call, service, query.staff),
        seats=query.seats,
    )


def _service(call: Call, public_id: UUID) -> Service:
    with named_by("service"):
        return call.colleague.service(Capability.BOOK, public_id)


def _person(call: Call, service: Service, named: UUID | None) -> Resource | None:
    """Return who is to serve; of those who may book for themselves only, themselves.

    Cost: none where nobody is named and everybody may be booked, else at most three queries.

    Raises:
        NotFound: somebody is named who is out of reach.
        StaffNotOffered: whoever is named does not serve this service.
    """
    colleague = call.colleague
    is_own = colleague.reach(Capability.BOOK) is Reach.OWN
    if named is None and not is_own:
        return None
    people = choosable_staff(service)
    if is_own:
        people = [each for each in people if each.pk in colleague.own]
    if named is None:
        return people[0] if people else None
    for person in people:
        if person.public_id == named:
            return person
    one(colleague.resources(Capability.BOOK), named, named="staff")
    raise StaffNotOffered()
