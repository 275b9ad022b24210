"""Setting rules aside, one after another, where that may be."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from accounts.roles import Capability
from bookings.engine.policy import Override, rule_behind
from bookings.errors import BookingError, Invalid
from bookings.faces.access import DeskRequest

Done = TypeVar("Done")


def insisting(request: DeskRequest, act: Callable[[frozenset[Override]], Done]) -> Done:
    """Do something; where the form says “anyway”, set aside just the rules that refuse it.

    Only those who may break rules get through with it, and nobody through a claim. Until when
    customers may change a booking never binds staff.

    Raises:
        BookingError: what refuses it for good.
    """
    insists = bool(request.POST.get("anyway")) and request.colleague.may(Capability.BREAK_RULES)
    overrides: frozenset[Override] = frozenset()
    while True:
        try:
            return act(overrides)
        except BookingError as refusal:
            rule = rule_behind(refusal)
            if rule is None or rule in overrides or not (insists or rule is Override.NOTICE):
                raise
            overrides |= {rule}


def may_insist(request: DeskRequest, refusal: BookingError | None) -> bool:
    """Say whether to offer “anyway” beside a refusal, or to keep offering it."""
    if refusal is None or not request.colleague.may(Capability.BREAK_RULES):
        return False
    asks_why = isinstance(refusal, Invalid) and "because" in refusal.fields
    return asks_why or rule_behind(refusal) is not None
