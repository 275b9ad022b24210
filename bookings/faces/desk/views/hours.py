"""Hours: one's own, anybody's, and those of the business."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.roles import Capability, Reach
from bookings import commands
from bookings.engine.hours import minute_of, wall_of
from bookings.errors import BookingError, Invalid, NotFound
from bookings.faces.access import DeskRequest, desk, one
from bookings.faces.desk import in_the_way
from bookings.faces.desk.deciding import done
from bookings.faces.desk.frame import address_of, show
from bookings.faces.desk.hours_sheet import Sheet, shown, typed
from bookings.faces.replies import see_other, status_of
from bookings.faces.words import said, zone_at
from bookings.models import Resource
from bookings.queries.hours import booked_outside, timetable

HERE = "hours"


@desk("GET", "POST", needs=Capability.EDIT_HOURS)
def hours(request: DeskRequest) -> HttpResponse:
    """Show the hours of the business to who may edit anybody's; lead others to their own."""
    if request.colleague.reach(Capability.EDIT_HOURS) is Reach.ANY:
        return _answer(request, None)
    if request.method == "POST":
        raise NotFound()
    mine = request.colleague.resources(Capability.EDIT_HOURS).first()
    if mine is None:
        return show(request, "desk/hours/nobody.html", {}, here=HERE)
    return see_other(_address(request, mine))


@desk("GET", "POST", needs=Capability.EDIT_HOURS)
def hours_of(request: DeskRequest, resource: UUID) -> HttpResponse:
    """Show the hours of a person or room; a POST replaces them."""
    return _answer(request, one(request.colleague.resources(Capability.EDIT_HOURS), resource))


def _answer(request: DeskRequest, resource: Resource | None) -> HttpResponse:
    """Show the sheet, with another row where that was asked for; or save it."""
    if request.method != "POST":
        return _page(request, resource, _on_record(request, resource))
    sheet = typed(request.POST, may_keep=resource is not None)
    if where := request.POST.get("add"):
        return _page(request, resource, sheet.with_row(where))
    if which := request.POST.get("drop"):
        return _page(request, resource, sheet.without_row(which))
    try:
        _save(request, resource, sheet)
    except NotFound:
        raise
    except Invalid as refusal:
        return _page(request, resource, sheet.refused(refusal), status=422)
    except BookingError as refusal:
        return _page(request, resource, sheet, said(refusal), status=status_of(refusal))
    return done(request, _("The hours are saved."), to=_address(request, resource))


def _save(request: DeskRequest, resource: Resource | None, sheet: Sheet) -> None:
    week, dates = sheet.read()
    now = timezone.now()
    commands.set_hours(
        business=request.colleague.business,
        resource=resource,
        week=week,
        dates=dates,
        since=wall_of(minute_of(now), _zone(request, resource)).day,
        seen=sheet.seen,
        now=now,
        actor=request.actor,
    )


def _on_record(request: DeskRequest, resource: Resource | None) -> Sheet:
    business = request.colleague.business
    today = wall_of(minute_of(timezone.now()), _zone(request, resource)).day
    shared = timetable(business, None)
    own = timetable(business, resource) if resource else shared
    return shown(own, shared if resource else None, since=today)


def _page(
    request: DeskRequest,
    resource: Resource | None,
    sheet: Sheet,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    colleague, now = request.colleague, timezone.now()
    outside = booked_outside(colleague.business, resource, now=now)
    others = colleague.resources(Capability.EDIT_HOURS).order_by("-kind", "name")
    filled = {
        "sheet": sheet,
        "resource": resource,
        "zone": zone_at(_zone(request, resource), now),
        "outside": in_the_way.lines(colleague, outside),
        "others": list(others) if colleague.reach(Capability.EDIT_HOURS) is Reach.ANY else [],
        "refusal": refusal,
    }
    return show(request, "desk/hours/sheet.html", filled, here=HERE, status=status)


def _zone(request: DeskRequest, resource: Resource | None) -> str:
    return (resource.zone if resource else "") or request.colleague.business.zone


def _address(request: DeskRequest, resource: Resource | None) -> str:
    if resource is None:
        return address_of(request.colleague, "hours")
    return address_of(request.colleague, "hours_of", resource.public_id)
