"""What has happened in a business, in an order in which a reader who goes on misses nothing.

An event is written before its transaction commits, and transactions commit in any order: whoever
goes on from the newest time or number they saw misses what was begun earlier and committed later.
So events are read in the order of their positions, and only below the horizon, under which every
transaction is over (`models.outbox.Event`, migration 0005). A transaction that stays open keeps
back what is written after it began; those of commands end within seconds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal
from uuid import UUID

from django.db.models import BigIntegerField, Func, Q, QuerySet

from accounts.roles import Capability, Reach
from bookings.errors import CursorLost
from bookings.models import Business, Event
from bookings.queries.colleagues import Colleague

After = UUID | Literal["start", "now"]
"""Behind which event to go on; `start` is before all of them, `now` behind all of them."""

ALONE: Final[Mapping[str, Capability]] = {
    "business": Capability.SEE_SETTINGS,
    "customer": Capability.SEE_CUSTOMERS,
    "hours": Capability.EDIT_HOURS,
    "question": Capability.SEE_SETTINGS,
    "service": Capability.SEE_SETTINGS,
    "staff": Capability.SEE_STAFF,
    "time_off": Capability.TAKE_TIME_OFF,
}
"""Who reads events that concern no appointment, by the first word of their kind.

They need the capability for everybody's things. What is not here (members, invitations, webhooks,
calendar feeds) is for those who manage webhooks, which are told everything.
"""

_HORIZON: Final = Func(function="bookings_horizon", output_field=BigIntegerField())


@dataclass(frozen=True)
class Stretch:
    """Some events, the oldest first, and behind which one to go on; `has_more` if at once.

    `rest` are all from there on that could be read at that moment.
    """

    events: Sequence[Event]
    after: After
    rest: QuerySet[Event]
    has_more: bool = False


def events_of(colleague: Colleague) -> QuerySet[Event]:
    """Return the events that somebody may read, in no order.

    Of an appointment: whoever sees it among the bookings, as its history on the desk; a team
    member so reads those of appointments that are theirs by now. Of no appointment: see `ALONE`.
    """
    rows = Event.objects.filter(business=colleague.business)
    if colleague.reach(Capability.CONTROL_SUBSCRIPTIONS) is Reach.ANY:
        return rows
    see = Capability.SEE_BOOKINGS
    theirs = Q(appointment__in=colleague.appointments(see))
    if colleague.reach(see) is Reach.ANY:
        theirs = Q(appointment__isnull=False)
    for about, needed in ALONE.items():
        if colleague.reach(needed) is Reach.ANY:
            theirs |= Q(appointment=None, kind__startswith=f"{about}.")
    return rows.filter(theirs)


def stretch(rows: QuerySet[Event], business: Business, *, after: After, size: int) -> Stretch:
    """Return the next `size` of a business's events among `rows`, behind the event `after`.

    Whoever goes on from `Stretch.after`, again and again, gets every event once. That is always
    an event: in a database that was restored from before it, or holds another in its place, it is
    not found, and nobody is led past what they have not read.
    Cost: three queries by index, and what `rows` prefetches.

    Raises:
        CursorLost: the business has no event `after`.
    """
    everything = Event.objects.filter(business=business).order_by("position", "pk")
    places = everything.values_list("position", "pk", "public_id")
    seen = None if isinstance(after, str) else places.filter(public_id=after).first()
    if seen is None and isinstance(after, UUID):
        raise CursorLost()
    edge = places.filter(position__lt=_HORIZON).last()
    if after == "now" and edge is not None:
        seen, after = edge, edge[2]
    if edge is None or (seen is not None and seen[:2] >= edge[:2]):
        return Stretch((), "start" if after == "now" else after, rows.none())
    rest = rows.filter(position__lte=edge[0]).order_by("position", "pk")
    if seen is not None:
        rest = rest.filter(_behind(seen[0], seen[1]))
    found = list(rest[: size + 1])
    if len(found) <= size:
        return Stretch(found, edge[2], rest)
    return Stretch(found[:size], found[size - 1].public_id, rest, has_more=True)


def _behind(position: int, number: int) -> Q:
    """Return what comes behind a place; the first condition is there for the index."""
    return Q(position__gte=position) & (Q(position__gt=position) | Q(pk__gt=number))
