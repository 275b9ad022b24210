"""Appointments that lie where they should not: during time off, or outside working hours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.db.models import prefetch_related_objects

from accounts.roles import Capability
from bookings.engine.policy import CHANGEABLE
from bookings.faces import words
from bookings.faces.desk.frame import address_of
from bookings.models import Appointment
from bookings.queries.colleagues import Colleague

MOST = 50


@dataclass(frozen=True)
class Line:
    """One appointment in words, where to see or cancel it, and where to move it, for who may."""

    when: str
    service: str
    who: str
    staff: str
    url: str
    move_url: str


def lines(colleague: Colleague, found: Sequence[Appointment]) -> list[Line]:
    """Return those of some appointments that a colleague may see, at most fifty, in their order.

    Reads the service of each. Cost: three queries, none where there are no appointments.
    """
    return lines_by(colleague, {0: found}).get(0, [])


def lines_by(
    colleague: Colleague, met: Mapping[int, Sequence[Appointment]]
) -> dict[int, list[Line]]:
    """Return the lines of appointments by what they are in the way of, each at most fifty.

    Reads the service of each. Cost: three queries, none where there are no appointments.
    """
    found = {one.pk: one for many in met.values() for one in many[:MOST]}
    if not found:
        return {}
    seen = colleague.appointments(Capability.SEE_BOOKINGS).filter(pk__in=found)
    visible = {pk: found[pk] for pk in seen.values_list("pk", flat=True)}
    prefetch_related_objects(list(visible.values()), "resources", "bookings")
    described = {pk: _line(colleague, one) for pk, one in visible.items()}
    return {
        key: [described[one.pk] for one in many[:MOST] if one.pk in described]
        for key, many in met.items()
    }


def _line(colleague: Colleague, one: Appointment) -> Line:
    business = colleague.business
    begin = one.starts_at.astimezone(ZoneInfo(business.zone))
    move_url = address_of(colleague, "move", one.public_id)
    names = [each.name for each in one.bookings.all() if each.state in CHANGEABLE]
    return Line(
        when=f"{words.short_day(begin.date())}, "
        f"{words.period(one.starts_at, one.ends_at, business.zone)}",
        service=one.service.name,
        who=", ".join(name for name in names if name),
        staff=", ".join(each.name for each in one.resources.all()),
        url=address_of(colleague, "appointment", one.public_id),
        move_url=move_url if colleague.may(Capability.MOVE) else "",
    )
