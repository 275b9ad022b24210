"""The facts behind a refusal, in words, with a link to the row that they come from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from bookings.admin.durations import in_words
from bookings.admin.show import wall, zoned
from bookings.errors import (
    Away,
    Full,
    InThePast,
    LimitReached,
    NotBookable,
    OffGrid,
    OutsideHours,
    SlotTaken,
    StaffNotOffered,
    TooFar,
    TooSoon,
)
from bookings.models import Appointment, Resource, Service, TimeOff
from bookings.models.catalogue import Acceptance
from bookings.queries.reasons import Finding, Limit, Verdict


@dataclass(frozen=True)
class Fact:
    """One sentence, and the page of what it speaks of."""

    text: str
    url: str = ""


def facts_of(found: Verdict, service: Service) -> list[Fact]:
    """Return what holds for the start itself, whoever is asked for."""
    zone, refusal = service.business.zone, found.refusal
    if isinstance(refusal, InThePast | TooSoon):
        said = _("The earliest start that can be booked now is %(when)s.")
        return [Fact(said % {"when": zoned(found.earliest, zone)}, _page(service))]
    if isinstance(refusal, TooFar):
        said = _("The latest start that can be booked now is %(when)s.")
        return [Fact(said % {"when": zoned(found.latest, zone)}, _page(service))]
    if isinstance(refusal, NotBookable | StaffNotOffered):
        return [_unready(each) for each in found.unready] or _nobody(refusal, service)
    if isinstance(refusal, LimitReached) and found.limits:
        return [Fact(_limit(each), _page(service)) for each in found.limits]
    if isinstance(refusal, OffGrid):
        interval = in_words(service.policy.interval)
        return [Fact(_("A start is offered every %(interval)s.") % {"interval": interval})]
    if found.sessions and (refusal is None or isinstance(refusal, Full)):
        said = _("Places left in the appointment at this time: %(count)d.")
        return [Fact(said % {"count": left}) for left in found.sessions]
    return []


def facts_about(finding: Finding, service: Service) -> list[Fact]:
    """Return why one person or room cannot serve the start."""
    zone, refusal = service.business.zone, finding.refusal
    if isinstance(refusal, OutsideHours | OffGrid):
        return [Fact(_open(finding.hours, zone), _page_of(finding.resource_id))]
    if isinstance(refusal, Away):
        return [_absence(each, zone) for each in finding.away]
    if isinstance(refusal, SlotTaken):
        return [_appointment(each, zone) for each in finding.taken]
    if isinstance(refusal, LimitReached):
        return [Fact(_limit(each), _page(service)) for each in finding.limits]
    return []


def notes_on(service: Service, staff: Resource | None) -> list[Fact]:
    """Return why customers may not find what staff can book."""
    business = service.business
    notes = []
    if not business.is_published:
        address = reverse("admin:bookings_business_change", args=[business.pk])
        notes.append(Fact(_("Customers cannot see it: the page is not published."), address))
    if service.is_hidden:
        notes.append(Fact(_("Customers cannot see it: the service is hidden."), _page(service)))
    if staff is not None and not service.policy.allow_staff_selection:
        notes.append(Fact(_("Customers do not choose the person."), _page(service)))
    if service.needs_approval:
        notes.append(Fact(_("Customers ask for it; staff approve."), _page(service)))
    return notes


def _open(hours: Iterable[tuple[datetime, datetime]], zone: str) -> str:
    clocks = [f"{_clock(opens, zone)}–{_clock(closes, zone)}" for opens, closes in hours]
    if not clocks:
        return _("Closed on that day.")
    return _("Open on that day: %(hours)s.") % {"hours": ", ".join(clocks)}


def _clock(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%H:%M}"


def _limit(limit: Limit) -> str:
    said = _("%(count)d of %(most)d appointments on that day.")
    if limit.days == 7:
        said = _("%(count)d of %(most)d appointments in that week.")
    return said % {"count": limit.count, "most": limit.most}


def _absence(away: TimeOff, zone: str) -> Fact:
    name = away.title or (_("Time off") if away.resource_id else _("Closed"))
    when = f"{zoned(away.starts_at, zone)} – {zoned(away.ends_at, zone)}"
    return Fact(f"{name}, {when}", reverse("admin:bookings_timeoff_change", args=[away.pk]))


def _appointment(taken: Appointment, zone: str) -> Fact:
    said = f"{taken.service}, {wall(taken)}–{_clock(taken.ends_at, zone)}"
    if taken.buffer_before or taken.buffer_after:
        before, after = in_words(taken.buffer_before), in_words(taken.buffer_after)
        kept = _("kept free: %(before)s before, %(after)s after")
        said = f"{said} ({kept % {'before': before, 'after': after}})"
    return Fact(said, reverse("admin:bookings_appointment_change", args=[taken.pk]))


def _unready(resource: Resource) -> Fact:
    said = _("“%(name)s” is switched off.")
    if resource.is_active and resource.acceptance == Acceptance.PENDING.value:
        said = _("“%(name)s” has not agreed yet.")
    elif resource.is_active:
        said = _("“%(name)s” does not accept bookings.")
    return Fact(said % {"name": resource}, _page_of(resource.pk))


def _nobody(refusal: NotBookable | StaffNotOffered, service: Service) -> list[Fact]:
    if isinstance(refusal, StaffNotOffered):
        return []
    return [Fact(_("Nobody is chosen to give it."), _page(service))]


def _page(service: Service) -> str:
    return reverse("admin:bookings_service_change", args=[service.pk])


def _page_of(resource_id: int) -> str:
    return reverse("admin:bookings_resource_change", args=[resource_id])
