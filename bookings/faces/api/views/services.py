"""Services."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from accounts.roles import Capability
from accounts.scopes import Scope
from bookings import commands
from bookings.commands import Asks, Belongings, Between, Gives, Tells
from bookings.commands.services import locked_service
from bookings.errors import Invalid
from bookings.faces.api.call import Call, named, one
from bookings.faces.api.changing import Change
from bookings.faces.api.lists import Parts, Picked, part
from bookings.faces.api.operation import Endpoint, Operation
from bookings.faces.api.shapes import Listed
from bookings.faces.api.shapes.service_changes import NAMES, ServiceAsked, ServiceChanged
from bookings.faces.api.shapes.services import ServiceShown, shown_service
from bookings.models import Service
from bookings.models.catalogue import AvailabilityKind
from bookings.queries.catalogue import services_in_full


class ServiceQuery(Parts):
    """Which services are wanted."""

    is_hidden: bool | None = None
    """Only those that customers cannot see, or only the others."""
    availability: AvailabilityKind | None = None
    """Only those that can be booked so; an archived service is hidden and has `none`."""
    resource: UUID | None = None
    """Only those that this person gives, or that need this room."""


class Services(Endpoint):
    """The services of a business."""

    @Operation(
        "list_services",
        "List the services",
        scope=Scope.SERVICES_READ,
        needs=Capability.SEE_SETTINGS,
        query=ServiceQuery,
        shows=Listed[ServiceShown],
    )
    def get(self, call: Call, query: ServiceQuery) -> Listed[ServiceShown]:
        """Return services in the order of the booking page."""
        known = rows = call.colleague.services(Capability.SEE_SETTINGS)
        if query.is_hidden is not None:
            rows = rows.filter(is_hidden=query.is_hidden)
        if query.availability is not None:
            rows = rows.filter(availability=query.availability.value)
        if query.resource is not None:
            rows = rows.filter(resources__public_id=query.resource)
        order = ("position", "name", "pk")
        rows = services_in_full(rows)
        return part(call, query, rows, order=order, among=known, shows=shown_service)

    @Operation(
        "add_service",
        "Add a service",
        scope=Scope.SERVICES_WRITE,
        needs=Capability.EDIT_SETTINGS,
        body=ServiceAsked,
        shows=ServiceShown,
        status=201,
        refuses=(Invalid,),
    )
    def post(self, call: Call, body: ServiceAsked) -> Change[Service]:
        """Add a service; unless its reminders are sent, it reminds its customers a day before."""
        return Change(
            partial(
                commands.add_service,
                business=call.colleague.business,
                fields=_fields(call, body),
                belongings=_belongings(call, body),
                now=call.now,
                actor=call.actor,
            ),
            shows=_in_full,
            at=lambda made: call.address("service", service=made.public_id),
            names=NAMES,
        )


class OneService(Endpoint):
    """One service."""

    @Operation(
        "read_service",
        "Read a service",
        scope=Scope.SERVICES_READ,
        needs=Capability.SEE_SETTINGS,
        query=Picked,
        shows=ServiceShown,
    )
    def get(self, call: Call, query: Picked, service: UUID) -> ServiceShown:
        """Return a service."""
        rows = services_in_full(call.colleague.services(Capability.SEE_SETTINGS))
        return shown_service(one(rows, service))

    @Operation(
        "change_service",
        "Change a service",
        scope=Scope.SERVICES_WRITE,
        needs=Capability.EDIT_SETTINGS,
        body=ServiceChanged,
        shows=ServiceShown,
        refuses=(Invalid,),
    )
    def patch(self, call: Call, body: ServiceChanged, service: UUID) -> Change[Service]:
        """Change what is sent of a service; what is booked stays as it is."""
        row = one(call.colleague.services(Capability.EDIT_SETTINGS), service)
        return Change(
            partial(
                commands.change_service,
                service=row,
                fields=_fields(call, body),
                belongings=_belongings(call, body),
                now=call.now,
                actor=call.actor,
            ),
            shows=_in_full,
            seen=lambda: _in_full(locked_service(row)),
            names=NAMES,
        )


class Archiving(Endpoint):
    """A service that is offered no longer."""

    @Operation(
        "archive_service",
        "Archive a service",
        scope=Scope.SERVICES_WRITE,
        needs=Capability.EDIT_SETTINGS,
        shows=ServiceShown,
    )
    def post(self, call: Call, service: UUID) -> Change[Service]:
        """Hide a service and let nobody book it; what is booked stays.

        To bring it back, change its availability and show it.
        """
        row = one(call.colleague.services(Capability.EDIT_SETTINGS), service)
        return Change(
            partial(commands.archive_service, service=row, now=call.now, actor=call.actor),
            shows=_in_full,
            seen=lambda: _in_full(locked_service(row)),
        )


def _in_full(service: Service) -> ServiceShown:
    return shown_service(services_in_full(Service.objects.filter(pk=service.pk)).get())


def _fields(call: Call, body: ServiceChanged) -> dict[str, object]:
    """Return what was sent of the service itself.

    Raises:
        Invalid: a price in a currency that the business does not take.
    """
    currency = call.colleague.business.currency
    if body.price is not None and body.price.currency not in ("", currency):
        raise Invalid({"price.currency": f"Prices of this business are in {currency}."})
    return body.fields_sent()


def _belongings(call: Call, body: ServiceChanged) -> Belongings:
    """Return what was sent of what belongs to a service.

    Raises:
        Invalid: somebody or something is not there.
    """
    sent, needs = body.model_fields_set, Capability.EDIT_SETTINGS
    people = named(call.colleague.resources(needs), "resources", [it.id for it in body.resources])
    asked = named(call.colleague.questions(needs), "questions", [it.id for it in body.questions])
    gives = [Gives(people[each.id], each.priority) for each in body.resources]
    asks = [Asks(asked[each.id], each.is_required) for each in body.questions]
    ranges = [
        Between(each.first_day, each.last_day, each.availability.value, tuple(each.week.rules()))
        for each in body.ranges
    ]
    tells = [
        Tells(each.kind.value, each.offset, each.recipients.value, each.channel.value, each.text)
        for each in body.reminders
    ]
    return Belongings(
        resources=gives if "resources" in sent else None,
        questions=asks if "questions" in sent else None,
        week=body.week.rules() if "week" in sent else None,
        ranges=ranges if "ranges" in sent else None,
        reminders=tells if "reminders" in sent else None,
    )
