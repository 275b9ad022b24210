"""Time off and closures: who is away when, and what is booked then all the same."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.roles import Capability, Reach
from bookings import commands
from bookings.errors import Invalid, NotAllowed, NotFound
from bookings.faces.access import DeskRequest, by_name, desk, one
from bookings.faces.desk import in_the_way
from bookings.faces.desk.absence_form import AbsenceForm, fields_of, read_seen, seen_of
from bookings.faces.desk.deciding import attempted, done, refused
from bookings.faces.desk.frame import address_of, show
from bookings.faces.desk.in_the_way import Line
from bookings.faces.words import stretch, zone_at
from bookings.models import Appointment, Resource, TimeOff
from bookings.queries import absences

HERE = "times_off"
MINE = Capability.TAKE_TIME_OFF
EARLIER = 50


@dataclass(frozen=True)
class Away:
    """A time off in words, and what is booked then; without an address it is not one's own."""

    row: TimeOff
    when: str
    url: str
    met: list[Line]


@desk("GET", needs=MINE)
def times_off(request: DeskRequest) -> HttpResponse:
    """Show who will be away, soonest first; `?earlier=1` who has been."""
    colleague, now = request.colleague, timezone.now()
    rows = colleague.absences().select_related("resource")
    if is_earlier := bool(request.GET.get("earlier")):
        found = rows.filter(ends_at__lte=now).order_by("-ends_at", "-pk")[:EARLIER]
        listed = _listed(request, list(found), {})
    else:
        coming = rows.filter(ends_at__gt=now)
        met = absences.met_by(colleague.business, coming, now=now)
        listed = _listed(request, list(coming.order_by("starts_at", "pk")), met)
    shown = {"listed": listed, "is_earlier": is_earlier, "zone": zone_at(_zone(request), now)}
    return show(request, "desk/times_off/list.html", shown, here=HERE)


@desk("GET", "POST", needs=MINE)
def new_time_off(request: DeskRequest) -> HttpResponse:
    """Ask who is away from when to when; a POST notes it, or looks what is in the way."""
    form = AbsenceForm(request.POST if request.method == "POST" else {}, zone=_zone(request))
    if not request.colleague.resources(MINE).exists() and not _may_close(request):
        return show(request, "desk/hours/nobody.html", {}, here=HERE)
    if request.method != "POST" or "check" in request.POST:
        return _new_page(request, form, _previewed(request, form), 200)
    met: list[Appointment] = []

    def take() -> None:
        starts_at, ends_at = form.span()
        met.extend(
            commands.take_time_off(
                business=request.colleague.business,
                resources=_whose(request, form),
                starts_at=starts_at,
                ends_at=ends_at,
                title=form.typed("title"),
                now=timezone.now(),
                actor=request.actor,
                by=request.user,
            ).in_the_way
        )

    if status := refused(form, take):
        return _new_page(request, form, [], status)
    return done(request, _noted(len(met)), to=address_of(request.colleague, HERE))


@desk("GET", "POST", needs=MINE)
def time_off(request: DeskRequest, time_off: UUID) -> HttpResponse:
    """Show a time off and what is in its way; a POST changes it."""
    rows = request.colleague.times_off(MINE).select_related("business", "resource")
    row = one(rows, time_off)
    sent = request.POST if request.method == "POST" else fields_of(row, _zone(request))
    form = AbsenceForm(sent, zone=_zone(request))
    seen = request.POST.get("seen", "") or seen_of(row)
    if request.method != "POST" or "check" in request.POST:
        return _edit_page(request, row, form, seen, 200)
    met: list[Appointment] = []

    def change() -> None:
        starts_at, ends_at = form.span()
        met.extend(
            commands.change_time_off(
                time_off=row,
                starts_at=starts_at,
                ends_at=ends_at,
                title=form.typed("title"),
                seen=read_seen(seen),
                now=timezone.now(),
                actor=request.actor,
                by=request.user,
            ).in_the_way
        )

    if status := refused(form, change):
        return _edit_page(request, row, form, seen, status)
    return done(request, _noted(len(met)), to=address_of(request.colleague, HERE))


@desk("POST", needs=MINE)
def cancel_time_off(request: DeskRequest, time_off: UUID) -> HttpResponse:
    """Take a time off back."""
    row = one(request.colleague.times_off(MINE), time_off)
    return attempted(
        request,
        lambda: commands.cancel_time_off(
            time_off=row, now=timezone.now(), actor=request.actor, by=request.user
        ),
        _("The time off is cancelled: the time can be booked again."),
        to=address_of(request.colleague, HERE),
    )


def _whose(request: DeskRequest, form: AbsenceForm) -> list[Resource]:
    """Return who is away, nobody for a closure.

    Raises:
        NotAllowed: one may not close the business.
        NotFound: somebody who is not there, or not within reach.
        Invalid: nobody was chosen.
    """
    if form.is_closure:
        if not _may_close(request):
            raise NotAllowed()
        return []
    within = request.colleague.resources(MINE)
    if not _reaches_all(request):
        named = list(within)
        if form.named and form.named != [str(each.public_id) for each in named]:
            raise NotFound()
    else:
        named = [by_name(within, name) for name in dict.fromkeys(form.named)]
    if not named:
        raise Invalid({"staff": _("Please choose who is away.")})
    return named


def _previewed(request: DeskRequest, form: AbsenceForm) -> list[Line]:
    """Return what would be in the way of what is typed so far, nothing while it makes no sense."""
    if not form.is_valid() or request.method != "POST":
        return []
    try:
        (starts_at, ends_at), resources = form.span(), _whose(request, form)
    except Invalid:
        return []
    return _met(request, resources, starts_at, ends_at)


def _met(
    request: DeskRequest, resources: list[Resource], starts_at: datetime, ends_at: datetime
) -> list[Line]:
    business = request.colleague.business
    found = absences.in_the_way(
        business=business, resources=resources, starts_at=starts_at, ends_at=ends_at
    )
    return in_the_way.lines(request.colleague, found)


def _listed(
    request: DeskRequest, rows: list[TimeOff], met: dict[int, list[Appointment]]
) -> list[Away]:
    colleague = request.colleague
    theirs = colleague.times_off(MINE).filter(pk__in=[row.pk for row in rows])
    editable = set(theirs.values_list("pk", flat=True))
    lines = in_the_way.lines_by(colleague, met)
    return [
        Away(
            row=row,
            when=stretch(row.starts_at, row.ends_at, _zone(request)),
            url=address_of(colleague, "time_off", row.public_id) if row.pk in editable else "",
            met=lines.get(row.pk, []),
        )
        for row in rows
    ]


def _new_page(
    request: DeskRequest, form: AbsenceForm, met: list[Line], status: int
) -> HttpResponse:
    rows = request.colleague.resources(MINE).filter(is_active=True).order_by("-kind", "name")
    shown = {
        "form": form,
        "choices": form.choices(list(rows)) if _reaches_all(request) else [],
        "may_close": _may_close(request),
        "met": met,
        "zone": zone_at(_zone(request), timezone.now()),
    }
    return show(request, "desk/times_off/form.html", shown, here=HERE, status=status)


def _edit_page(
    request: DeskRequest, row: TimeOff, form: AbsenceForm, seen: str, status: int
) -> HttpResponse:
    starts_at, ends_at = row.starts_at, row.ends_at
    if form.is_valid():
        with suppress(Invalid):
            starts_at, ends_at = form.span()
    shown = {
        "form": form,
        "row": row,
        "seen": seen,
        "met": _met(request, [row.resource] if row.resource else [], starts_at, ends_at),
        "zone": zone_at(_zone(request), timezone.now()),
    }
    return show(request, "desk/times_off/form.html", shown, here=HERE, status=status)


def _noted(met: int) -> str:
    if not met:
        return _("The time off is noted. Nothing is booked then.")
    return ngettext(
        "The time off is noted. One appointment is in the way: see below.",
        "The time off is noted. %(count)d appointments are in the way: see below.",
        met,
    ) % {"count": met}


def _reaches_all(request: DeskRequest) -> bool:
    return request.colleague.reach(MINE) is Reach.ANY


def _may_close(request: DeskRequest) -> bool:
    return request.colleague.may(Capability.CLOSE)


def _zone(request: DeskRequest) -> str:
    return request.colleague.business.zone
