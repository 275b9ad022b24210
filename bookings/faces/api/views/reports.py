"""Reports, and their bookings as a file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar
from uuid import UUID

from django.http.response import HttpResponseBase

from accounts.roles import Capability
from accounts.scopes import Scope as TokenScope
from bookings.errors import Invalid, NotFound
from bookings.faces.api.call import Call, named_by
from bookings.faces.api.operation import Endpoint, Operation
from bookings.faces.api.shapes.reports import (
    DaysQuery,
    ExportQuery,
    ReportQuery,
    ReportShown,
    shown_report,
)
from bookings.faces.exporting import KINDS, export_of
from bookings.models import Resource, Service
from bookings.queries.periods import Scope, period_of
from bookings.queries.reports import report, reportable
from bookings.queries.serving import services_of

SEE = Capability.SEE_REPORTS

RowT = TypeVar("RowT", Service, Resource)


class Reports(Endpoint):
    """What a business can know of its days."""

    @Operation(
        "read_report",
        "Read a report",
        scope=TokenScope.REPORTS_READ,
        needs=SEE,
        query=ReportQuery,
        shows=ReportShown,
        refuses=(Invalid,),
    )
    def get(self, call: Call, query: ReportQuery) -> ReportShown:
        """Return figures of some days, and of as many just before them."""
        services = services_of(call.colleague.business)
        resources = reportable(call.colleague)
        scope = _scope(call, query, services, resources)
        return shown_report(report(scope, services, resources))


class Exports(Endpoint):
    """The bookings of some days as a file."""

    @Operation(
        "export_bookings",
        "Export bookings as a file",
        scope=TokenScope.REPORTS_READ,
        needs=SEE,
        query=ExportQuery,
        sends=tuple(KINDS.values()),
        refuses=(Invalid,),
    )
    def get(self, call: Call, query: ExportQuery) -> HttpResponseBase:
        """Send the confirmed bookings with their customers and answers, by start.

        They are those that a report about the same days counts as confirmed. `X-Rows` says how
        many there are. CSV and TSV leave while they are read.
        """
        services = services_of(call.colleague.business)
        scope = _scope(call, query, services, reportable(call.colleague))
        return export_of(call.colleague.bookings(SEE), scope, query.format)


def _scope(
    call: Call, query: DaysQuery, services: Iterable[Service], resources: Iterable[Resource]
) -> Scope:
    """Return what is asked about.

    Raises:
        Invalid: the days are too many, too far away, or end before they begin.
        NotFound: there is no such service, person or room.
    """
    business = call.colleague.business
    try:
        period = period_of(business, first=query.first_day, last=query.last_day)
    except Invalid as wrong:
        raise Invalid({f"{name}_day": said for name, said in wrong.fields.items()}) from None
    with named_by("service"):
        service = _one(services, query.service)
    with named_by("resource"):
        resource = _one(resources, query.resource)
    return Scope(business, period, service, resource)


def _one(rows: Iterable[RowT], public_id: UUID | None) -> RowT | None:
    if public_id is None:
        return None
    for row in rows:
        if row.public_id == public_id:
            return row
    raise NotFound()
