"""The customers of a business, as far as a colleague sees them: found, listed, and one by one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.db.models import CharField, Count, F, Func, Max, Q, QuerySet, Value
from django.db.models.functions import Lower

from accounts.roles import Capability
from bookings.models import Customer
from bookings.models.folding import folded
from bookings.queries.colleagues import Colleague
from bookings.queries.turning import Page, Turn, turned

SEE = Capability.SEE_CUSTOMERS
WORDS = 6
REFERENCE = re.compile(r"([2-9A-Z]{5})-?([2-9A-Z]{0,5})")
PHONE = re.compile(r"[0-9 +()./-]*")
FEWEST_DIGITS = 3
BY_NAME = ("said", "pk")


@dataclass(frozen=True)
class Listed:
    """A customer in the list, with the bookings that the reader may know of."""

    customer: Customer
    bookings: int
    latest: datetime | None


def found(colleague: Colleague, text: str, limit: int) -> list[Customer]:
    """Return the first customers that match, by name; nothing for no text. Cost: one query."""
    if not text.strip():
        return []
    return list(matching(colleague, text).order_by(*BY_NAME)[:limit])


def matching(colleague: Colleague, text: str) -> QuerySet[Customer]:
    """Return the customers within reach that have every word of `text` in them.

    A word is looked for in name, e-mail and phone, whatever its capitals and accents; a text of
    digits in the digits of the phone; the beginning of a booking's reference finds who made it.
    """
    rows = colleague.customers(SEE)
    words = text.split()[:WORDS]
    if not words:
        return rows
    wanted = Q()
    for word in words:
        wanted &= Q(said__contains=folded(word))
    if digits := _digits(text):
        rows = rows.alias(digits=_only_digits())
        wanted |= Q(digits__contains=digits)
    if reference := REFERENCE.fullmatch("".join(words).upper()):
        begins = "-".join(part for part in reference.groups() if part)
        made = colleague.bookings(SEE).filter(reference__startswith=begins)
        wanted |= Q(pk__in=made.values("customer"))
    return rows.filter(wanted)


def with_address(rows: QuerySet[Customer], email: str) -> QuerySet[Customer]:
    """Return those of `rows` that have an e-mail address, whatever its capitals: one at most."""
    known = rows.exclude(email="").alias(folded=Lower("email"))
    return known.filter(folded=Lower(Value(email)))


def page(colleague: Colleague, text: str, turn: Turn) -> Page[Listed]:
    """Return a part of the customers that match, in the order of names.

    Cost: two queries; one more where the part is not the first.
    """
    rows = matching(colleague, text)
    part = turned(rows, turn, order=BY_NAME, among=colleague.customers(SEE))
    made = colleague.bookings(SEE).filter(customer__in=part.rows).order_by()
    counted = {
        pk: (count, latest)
        for pk, count, latest in made.values_list("customer").annotate(
            Count("pk"), Max("appointment__starts_at")
        )
    }
    return part.showing([Listed(each, *counted.get(each.pk, (0, None))) for each in part.rows])


def _digits(text: str) -> str:
    """Return the digits of a text that may be a part of a phone number, else "".

    The zero that a number at home begins with is not in one with a country code.
    """
    digits = "".join(filter(str.isdigit, text)).lstrip("0")
    return digits if PHONE.fullmatch(text) and len(digits) >= FEWEST_DIGITS else ""


def _only_digits() -> Func:
    return Func(
        F("phone"),
        Value(r"\D"),
        Value(""),
        Value("g"),
        function="regexp_replace",
        output_field=CharField(),
    )
