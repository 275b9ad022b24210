"""What customers want to get: everything, or nothing but news of their bookings."""

from __future__ import annotations

from datetime import datetime

from bookings.commands.actor import CUSTOMER, Actor
from bookings.commands.customers import locked_customers, record
from bookings.commands.decision import decision
from bookings.models import Customer


@decision
def opt_out(*, customer: Customer, now: datetime, actor: Actor = CUSTOMER) -> Customer:
    """Send a customer nothing but news of their bookings from now on, and return the customer.

    Reminders and whatever else waits for them are dropped when they are due. Who has opted out
    already has since then. Cost: at most five statements.

    Raises:
        NotFound: the customer was merged into another or erased.
    """
    return _write(customer, now, "customer.opted_out", now=now, actor=actor)


@decision
def opt_in(*, customer: Customer, now: datetime, actor: Actor = CUSTOMER) -> Customer:
    """Send a customer reminders and the like again, and return the customer.

    Cost and refusal: as `opt_out`.
    """
    return _write(customer, None, "customer.opted_in", now=now, actor=actor)


def _write(
    customer: Customer, since: datetime | None, kind: str, *, now: datetime, actor: Actor
) -> Customer:
    (current,) = locked_customers(customer.pk)
    if (current.opted_out_at is None) == (since is None):
        return current
    current.opted_out_at = since
    current.save(update_fields=["opted_out_at"])
    record(current, kind, now=now, actor=actor)
    return current
