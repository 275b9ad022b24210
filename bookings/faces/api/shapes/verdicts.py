"""Why a start cannot be booked, as far as somebody may see what is in the way."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts.roles import Capability
from bookings.errors import BookingError
from bookings.faces import words
from bookings.faces.api.shapes import Named, instant
from bookings.faces.api.shapes.availability import (
    Found,
    FreeStart,
    LimitReached,
    Reason,
    Stretch,
    Taken,
    VerdictShown,
)
from bookings.models import Appointment, Resource, TimeOff
from bookings.queries.colleagues import Colleague
from bookings.queries.reasons import Finding, Limit, Verdict


def shown_verdict(found: Verdict, colleague: Colleague) -> VerdictShown:
    """Return a verdict as it is said to a colleague, on the clock of the business.

    Cost: three queries; appointments and times off out of reach are left out.
    """
    sight = _Sight.of(found.findings, colleague)
    zone = sight.zone
    return VerdictShown(
        starts_at=instant(found.at, zone),
        is_free=found.refusal is None,
        reason=_reason(found.refusal),
        earliest=instant(found.earliest, zone),
        latest=instant(found.latest, zone),
        found=[sight.shown(each) for each in found.findings],
        limits=_limits(found.limits),
        places=found.sessions,
        unready=[Named(id=each.public_id, name=each.name) for each in found.unready],
        nearest=[
            FreeStart(starts_at=instant(each.at, zone), seats_left=each.seats_left)
            for each in found.nearest
        ],
    )


@dataclass(frozen=True)
class _Sight:
    """What a colleague may see: which appointments and times off, by pk; the ids of resources."""

    zone: str
    ids: dict[int, UUID]
    appointments: Collection[int]
    times_off: Collection[int]

    @classmethod
    def of(cls, findings: Iterable[Finding], colleague: Colleague) -> _Sight:
        """Return what a colleague may see of some findings. Cost: three queries."""
        findings = list(findings)
        resources = Resource.objects.filter(pk__in=[each.resource_id for each in findings])
        taken = [each.pk for finding in findings for each in finding.taken]
        away = [each.pk for finding in findings for each in finding.away]
        seen = colleague.appointments(Capability.SEE_BOOKINGS).filter(pk__in=taken)
        closed = TimeOff.objects.filter(pk__in=away, resource=None)
        times_off = colleague.times_off(Capability.TAKE_TIME_OFF).filter(pk__in=away) | closed
        return cls(
            colleague.business.zone,
            dict(resources.values_list("pk", "public_id")),
            set(seen.values_list("pk", flat=True)),
            set(times_off.values_list("pk", flat=True)),
        )

    def shown(self, finding: Finding) -> Found:
        """Return what was found about one person, room or piece of equipment."""
        return Found(
            resource=Named(id=self.ids[finding.resource_id], name=finding.name),
            reason=_reason(finding.refusal),
            open=[self._stretch(*each) for each in finding.hours],
            taken=[self._taken(each) for each in finding.taken if each.pk in self.appointments],
            away=[
                self._stretch(each.starts_at, each.ends_at)
                for each in finding.away
                if each.pk in self.times_off
            ],
            limits=_limits(finding.limits),
        )

    def _stretch(self, starts_at: datetime, ends_at: datetime) -> Stretch:
        return Stretch(starts_at=instant(starts_at, self.zone), ends_at=instant(ends_at, self.zone))

    def _taken(self, appointment: Appointment) -> Taken:
        return Taken(
            appointment=appointment.public_id,
            service=appointment.service.name,
            starts_at=instant(appointment.starts_at, self.zone),
            ends_at=instant(appointment.ends_at, self.zone),
        )


def _reason(refusal: BookingError | None) -> Reason | None:
    return None if refusal is None else Reason(code=refusal.code, detail=words.said(refusal))


def _limits(limits: Iterable[Limit]) -> list[LimitReached]:
    return [LimitReached(days=each.days, most=each.most, count=each.count) for each in limits]
