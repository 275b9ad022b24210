"""What is to be booked, checked before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from bookings.commands.actor import Actor
from bookings.commands.answers import checked_answers
from bookings.commands.consent import number_for_texts
from bookings.commands.contact import Contact, checked
from bookings.commands.licence import Licence, licence
from bookings.engine.policy import Override
from bookings.errors import Invalid, NotFound
from bookings.models import Customer, Question, Service

Part = TypeVar("Part")


@dataclass(frozen=True)
class Order:
    """What is to be booked, checked and clean; texts go to `sms_number`, "" for none."""

    service: Service
    seats: int
    contact: Contact
    sms_number: str
    customer: Customer | None
    answers: list[tuple[Question, str]]
    key: str
    actor: Actor
    licence: Licence
    staff_notes: str
    now: datetime


def checked_order(
    service: Service,
    contact: Contact,
    answers: Mapping[str, object],
    *,
    customer: Customer | None = None,
    seats: int,
    key: str = "",
    actor: Actor,
    overrides: frozenset[Override] = frozenset(),
    because: str = "",
    staff_notes: str = "",
    now: datetime,
) -> Order:
    """Return the order. Cost: one query.

    Raises:
        NotFound: the customer is one of another business, or has been erased.
        Invalid: with all that is wrong with contact, number for texts, answers and reason in one
            refusal.
    """
    _refuse_strangers(customer, service)
    wrong: dict[str, str] = {}

    def right(part: Callable[[], Part], otherwise: Part) -> Part:
        try:
            return part()
        except Invalid as refusal:
            wrong.update(refusal.fields)
            return otherwise

    order = Order(
        service=service,
        seats=seats,
        contact=right(lambda: checked(contact, needs_email=actor.is_customer), contact),
        sms_number=right(lambda: number_for_texts(service, contact), ""),
        customer=customer,
        answers=right(lambda: checked_answers(service, answers), []),
        key=key,
        actor=actor,
        licence=right(lambda: licence(overrides, because), Licence()),
        staff_notes=staff_notes,
        now=now,
    )
    if wrong:
        raise Invalid(wrong)
    return order


def _refuse_strangers(customer: Customer | None, service: Service) -> None:
    if customer is not None and (customer.business_id != service.business_id or customer.erased_at):
        raise NotFound()
