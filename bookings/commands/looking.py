"""The look before every decision that takes time: the same engine that made the list."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import ParamSpec, TypeVar

from bookings.commands import claims
from bookings.commands.actor import Actor
from bookings.engine.policy import Override
from bookings.engine.slots import Shape
from bookings.errors import (
    Away,
    BookingError,
    Full,
    LimitReached,
    OffGrid,
    OutsideHours,
    SlotTaken,
    StaffNotOffered,
)
from bookings.models import Resource, Service
from bookings.queries.availability import current
from bookings.queries.crews import Crew, Look, look
from bookings.queries.frames import Ask

NOTHING: frozenset[Override] = frozenset()


Params = ParamSpec("Params")
Written = TypeVar("Written")

LOOKS = 10
"""How often a decision looks before it gives way to those who are faster."""


class Overtaken(Exception):
    """All that a look found was taken before it could be written; `refusal` says what was."""

    def __init__(self, refusal: BookingError) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def each_crew(seen: Look, write: Callable[[Crew], Written]) -> Written:
    """Try the crews of a look, best first, until one is not taken meanwhile.

    A crew with somebody who has just proved to be taken is left out. Part of a command under
    `looks_again`, which looks anew where nobody is left.
    """
    crews: list[Crew] = seen.crews or [()]
    taken: set[int] = set()
    for crew in crews:
        if not taken.isdisjoint(crew):
            continue
        try:
            return write(crew)
        except claims.Taken as refusal:
            last: BookingError = refusal
            taken |= refusal.resource_ids
        except (SlotTaken, Full, Away, LimitReached, OutsideHours, OffGrid) as refusal:
            last = refusal
    raise Overtaken(last)


def looks_again(command: Callable[Params, Written]) -> Callable[Params, Written]:
    """Run a command again, look included, where others took all that its look had found.

    Somebody has opened a group that has places left, or other people are still free: the new
    look finds that, or names the rule that now refuses. Each time somebody else succeeded, so
    a few looks are enough.

    Raises:
        BookingError: what the last try met.
    """

    @functools.wraps(command)
    def decide(*args: Params.args, **kwargs: Params.kwargs) -> Written:
        for _ in range(LOOKS - 1):
            try:
                return command(*args, **kwargs)
            except Overtaken:
                continue
        try:
            return command(*args, **kwargs)
        except Overtaken as overtaken:
            raise overtaken.refusal from None

    return decide


def look_for(
    service: Service,
    *,
    starts_at: datetime,
    staff: Resource | None,
    seats: int,
    now: datetime,
    actor: Actor,
    overrides: frozenset[Override] = NOTHING,
    moving: int | None = None,
    joining: bool = True,
    prefer: frozenset[int] = frozenset(),
    agreed: Shape | None = None,
) -> Look:
    """Return how a start can be booked right now. Cost: at most seven queries.

    With `agreed`, the length and buffers of an appointment that is to be served by others,
    the start itself is not in question.

    A group that somebody opens or leaves between two queries of one look shows neither as
    free time nor as places; so a refusal stands only where nothing has changed in between.

    Raises:
        StaffNotOffered: a customer asked for a person where the policy gives no choice.
        BookingError: as `queries.crews.look`.
        Overtaken: something changed under a look that found nothing.
    """
    plan, stamp = current(service.pk)
    if staff is not None and actor.is_customer and not plan.policy.allow_staff_selection:
        raise StaffNotOffered()
    ask = Ask(plan, now, moving, overrides)
    if agreed is not None:
        ask = replace(ask, plan=replace(plan, shape=agreed), agreed=True)
    try:
        return look(
            ask,
            stamp,
            starts_at=starts_at,
            staff_id=staff.pk if staff else None,
            seats=seats,
            joining=joining,
            prefer=prefer,
        )
    except (SlotTaken, Full) as refusal:
        if plan.capacity > 1 and current(service.pk)[1] != stamp:
            raise Overtaken(refusal) from None
        raise
