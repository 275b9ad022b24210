"""The customers of a business, as far as a colleague sees them: found, listed, and one by one."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import CharField, Count, F, Func, Max, Q, QuerySet, Value

from accounts.roles import Capability
from bookings.models import Customer
from bookings.models.folding import folded
from bookings.queries.colleagues import Colleague

SEE = Capability.SEE_CUSTOMERS
WORDS = 6
REFERENCE = re.compile(r"([2-9A-Z]{5})-?([2-9A-Z]{0,5})")
PHONE = re.compile(r"[0-9 +()./-]*")
FEWEST_DIGITS = 3


@dataclass(frozen=True)
class Listed:
    """A customer in the list, with the bookings that the reader may know of."""

    customer: Customer
    bookings: int
    latest: datetime | None


@dataclass(frozen=True)
class Page:
    """A part of the list in the order of names; the ids lead to the parts beside it."""

    rows: Sequence[Listed] = field(default_factory=list)
    before: uuid.UUID | None = None
    after: uuid.UUID | None = None


def found(colleague: Colleague, text: str, limit: int) -> list[Customer]:
    """Return the first customers that match, by name; nothing for no text. Cost: one query."""
    if not text.strip():
        return []
    return list(_by_name(matching(colleague, text))[:limit])


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


def page(
    colleague: Colleague,
    text: str,
    size: int,
    *,
    after: uuid.UUID | None = None,
    before: uuid.UUID | None = None,
) -> Page:
    """Return the customers that match, in the order of names, `size` of them.

    `after` and `before` are customers on whose far side the page lies; where that one is gone,
    the page is the first.
    Cost: two queries; one more where the page is not the first.
    """
    rows = matching(colleague, text)
    edge = _edge(colleague, before or after)
    if edge is None:
        first = list(_by_name(rows)[: size + 1])
        return _page(colleague, first[:size], more_after=len(first) > size)
    if before is None:
        next_ones = list(_beyond(rows, edge)[: size + 1])
        return _page(
            colleague, next_ones[:size], more_before=True, more_after=len(next_ones) > size
        )
    earlier = list(_before(rows, edge)[: size + 1])
    return _page(colleague, earlier[:size][::-1], more_before=len(earlier) > size, more_after=True)


Edge = tuple[str, int]
"""Where a page begins or ends: the name as it is sorted, and the pk."""


def _edge(colleague: Colleague, public_id: uuid.UUID | None) -> Edge | None:
    if public_id is None:
        return None
    known = colleague.customers(SEE).filter(public_id=public_id)
    return known.values_list("said", "pk").first()


def _by_name(rows: QuerySet[Customer]) -> QuerySet[Customer]:
    return rows.order_by("said", "pk")


def _beyond(rows: QuerySet[Customer], edge: Edge) -> QuerySet[Customer]:
    """Return the rows after an edge; its first condition alone is what the index can use."""
    name, pk = edge
    known = rows.filter(said__gte=name)
    return _by_name(known.filter(Q(said__gt=name) | Q(pk__gt=pk)))


def _before(rows: QuerySet[Customer], edge: Edge) -> QuerySet[Customer]:
    """Return the rows before an edge, the nearest first."""
    name, pk = edge
    known = rows.filter(said__lte=name)
    return known.filter(Q(said__lt=name) | Q(pk__lt=pk)).order_by("-said", "-pk")


def _page(
    colleague: Colleague,
    customers: Sequence[Customer],
    *,
    more_before: bool = False,
    more_after: bool = False,
) -> Page:
    made = colleague.bookings(SEE).filter(customer__in=customers).order_by()
    counted = {
        pk: (count, latest)
        for pk, count, latest in made.values_list("customer").annotate(
            Count("pk"), Max("appointment__starts_at")
        )
    }
    rows = [Listed(each, *counted.get(each.pk, (0, None))) for each in customers]
    return Page(
        rows,
        before=customers[0].public_id if customers and more_before else None,
        after=customers[-1].public_id if customers and more_after else None,
    )


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
