"""Time off and closures: entered, changed and cancelled; those concerned are told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from bookings import outbox
from bookings.commands.actor import SYSTEM, Actor
from bookings.commands.decision import decision
from bookings.commands.versions import changed_row
from bookings.engine.text import clean_line
from bookings.errors import Invalid, NotFound, _
from bookings.models import Appointment, Business, Resource, ResourceKind, TimeOff
from bookings.models.outbox import Audience
from bookings.outbox import Recipient
from bookings.queries.absences import in_the_way, meeting

TITLE_LIMIT = 120


@dataclass(frozen=True)
class Absence:
    """Times off as they are now, and the appointments in their way, soonest first."""

    rows: list[TimeOff]
    in_the_way: list[Appointment]


@decision
def take_time_off(
    *,
    business: Business,
    resources: Sequence[Resource],
    starts_at: datetime,
    ends_at: datetime,
    title: str = "",
    now: datetime,
    actor: Actor = SYSTEM,
    by: User | None = None,
) -> Absence:
    """Note that resources are away, without any that the whole business is closed.

    `by` is who enters it: everybody else whom it keeps from working gets a letter.

    Returns: a row for each who is away, and the scheduled appointments in the way, which are
        kept: somebody has to move each. Time beside an appointment counts as its own. The rows'
        trigger bumps the versions first, so a booking that is being made meanwhile is either in
        this list or refused.
    Cost: two queries and an insert, and three more for each row that somebody is told of.

    Raises:
        Invalid: it ends before it starts, or lies wholly in the past.
        NotFound: a resource of another business.
    """
    _refuse(starts_at, ends_at, now)
    if any(resource.business_id != business.pk for resource in resources):
        raise NotFound()
    away: list[Resource | None] = [*resources] or [None]
    rows = TimeOff.objects.bulk_create(
        TimeOff(
            business=business,
            resource=resource,
            starts_at=starts_at,
            ends_at=ends_at,
            title=clean_line(title)[:TITLE_LIMIT],
        )
        for resource in away
    )
    for row in rows:
        _tell(row, "time_off.taken", actor, by, now)
    met = in_the_way(business=business, resources=resources, starts_at=starts_at, ends_at=ends_at)
    return Absence(rows, met)


@decision
def change_time_off(
    *,
    time_off: TimeOff,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    title: str | None = None,
    seen: tuple[datetime, datetime, str] | None = None,
    now: datetime,
    actor: Actor,
    by: User,
) -> Absence:
    """Move or rename a time off; who is away stays, and what is None.

    `seen` is from when to when it was, and its title, as its changer saw them; None changes
    whatever is there.

    Returns: the row, and the scheduled appointments in the way, as `take_time_off`.
    Locks: the row.

    Raises:
        Invalid: it ends before it starts, or lies wholly in the past.
        ChangedMeanwhile: it is not what they saw any more.
        NotFound: it is gone.
    """
    row = locked_time_off(time_off)
    before = (row.starts_at, row.ends_at, row.title)
    if seen is not None and seen != before:
        raise changed_row(row.business, time_off=str(row.public_id))
    row.starts_at, row.ends_at = starts_at or row.starts_at, ends_at or row.ends_at
    row.title = row.title if title is None else clean_line(title)[:TITLE_LIMIT]
    _refuse(row.starts_at, row.ends_at, now)
    if before != (row.starts_at, row.ends_at, row.title):
        row.save(update_fields=["starts_at", "ends_at", "title"])
        _tell(row, "time_off.changed", actor, by, now, before=_span(*before[:2]))
    return Absence([row], list(meeting(row)))


@decision
def cancel_time_off(*, time_off: TimeOff, now: datetime, actor: Actor, by: User) -> None:
    """Take a time off back: the time can be booked again.

    Locks: the row.

    Raises:
        NotFound: it is gone already.
    """
    row = locked_time_off(time_off)
    _tell(row, "time_off.cancelled", actor, by, now)
    row.delete()


def _refuse(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    if ends_at <= starts_at:
        raise Invalid({"ends_at": _("The end must be after the start.")})
    if ends_at <= now:
        raise Invalid({"ends_at": _("This time has already passed.")})


def locked_time_off(time_off: TimeOff) -> TimeOff:
    """Return a time off as it is now, under its lock. Cost: one query.

    Raises:
        NotFound: it is gone.
    """
    rows = TimeOff.objects.select_related("business", "resource")
    found = rows.select_for_update(of=("self",)).filter(pk=time_off.pk).first()
    if found is None:
        raise NotFound()
    return found


def _tell(
    row: TimeOff, kind: str, actor: Actor, by: User | None, now: datetime, **more: object
) -> None:
    """Put it on record, and tell whom it concerns but who did it; what is over, nobody."""
    event = outbox.record_alone(
        business=row.business,
        kind=kind,
        actor=str(actor),
        now=now,
        data={
            "time_off": str(row.public_id),
            "resource": str(row.resource.public_id) if row.resource else None,
            "title": row.title,
            **_span(row.starts_at, row.ends_at),
            **more,
        },
    )
    if by is None or row.ends_at <= now:
        return
    staff = Resource.objects.filter(
        business=row.business,
        kind=ResourceKind.STAFF.value,
        is_active=True,
        is_notified=True,
    )
    if row.resource is not None:
        staff = staff.filter(pk=row.resource.pk)
    addresses = staff.exclude(user=by).order_by("pk").values_list("email", flat=True)
    to = [Recipient(Audience.STAFF, address) for address in addresses]
    outbox.put(event=event, topic="time_off", to=to, now=now)


def _span(starts_at: datetime, ends_at: datetime) -> dict[str, object]:
    return {"starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat()}
