"""Lists in parts: where the parts beside one are, and how many there are in all on request."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar
from uuid import UUID

from django.conf import settings
from django.db.models import Model, QuerySet
from pydantic import BeforeValidator, Field, ValidationInfo, field_validator

from bookings.faces.api.call import Knock
from bookings.faces.api.problems import Problem
from bookings.faces.api.shapes import Asked, Listed, Shown, refused
from bookings.queries.turning import Order, Page, Turn, turned

RowT = TypeVar("RowT", bound=Model)
ShownT = TypeVar("ShownT", bound=Shown)

MOST, USUAL = 100, 25
ANY_LISTED = Listed[Any]
"""Held on to: else pydantic makes the model anew for each call, which costs more than the call."""


NameT = TypeVar("NameT")


def _names(value: object) -> object:
    if not isinstance(value, str):
        return value
    return frozenset(name for each in value.split(",") if (name := each.strip()))


Names = Annotated[frozenset[str], BeforeValidator(_names)]
"""Names with commas between them."""
Among = Annotated[frozenset[NameT], BeforeValidator(_names)]
"""Some of a few names, as `Among[Literal["one", "two"]]`, with commas between them."""


class Picked(Asked):
    """What is wanted of something."""

    fields: Names = frozenset()
    """Only these fields of it, or of each in a list; all where none is named."""


class Parts(Picked):
    """Which part of a list is wanted."""

    limit: Annotated[int, Field(ge=1, le=MOST)] = USUAL
    """How many at most."""
    after: UUID | None = None
    """Begin behind the one with this id."""
    before: UUID | None = None
    """End before the one with this id; not together with `after`."""

    @field_validator("before")
    @classmethod
    def _is_one_way(cls, before: UUID | None, info: ValidationInfo) -> UUID | None:
        """Refuse to turn both ways at once."""
        if before is not None and info.data.get("after") is not None:
            raise refused("ways", "A list goes on after something or before it, not both")
        return before


def part(
    call: Knock,
    query: Parts,
    rows: QuerySet[RowT],
    *,
    order: Order,
    among: QuerySet[RowT],
    shows: Callable[[RowT], ShownT],
    gather: Callable[[Sequence[RowT]], None] | None = None,
) -> Listed[ShownT]:
    """Return the part of a list that is asked for, in the order of `order`.

    `gather` reads what `shows` wants to know of these rows. Cost: two queries, one for the first
    part, one more with `Prefer: count=exact`, and what `rows` prefetches and `gather` reads.
    """
    page = turned(rows, turn_of(query), order=order, among=among)
    if gather is not None:
        gather(page.rows)
    shown = page.showing([shows(row) for row in page.rows])
    return listed(call, shown, count=rows.count() if wants_count(call) else None)


def turn_of(query: Parts) -> Turn:
    """Return which part of a list is wanted, as the queries know it."""
    return Turn(query.limit, after=query.after, before=query.before)


def listed(call: Knock, page: Page[ShownT], *, count: int | None) -> Listed[ShownT]:
    """Return a part of a list that is ready to be said, with the addresses of those beside it.

    Raises:
        Problem: 400, the list cannot go on from the id that is given: who starts anew without a
            word reads everything twice.
    """
    if page.is_lost:
        errors = [
            {
                "parameter": name,
                "detail": "There is nothing in this list to go on from. Begin anew.",
            }
            for name in ("after", "before")
            if name in call.request.GET
        ]
        raise Problem(400, "bad_query", "The address is not as it should be.", errors=errors)
    return ANY_LISTED(
        results=list(page.rows),
        next=address(call, after=page.after, before=None),
        previous=address(call, after=None, before=page.before),
        count=count,
    )


def wants_count(call: Knock) -> bool:
    """Say whether the caller asks how many there are (RFC 7240)."""
    said = call.request.headers.get("Prefer", "").replace(" ", "").replace('"', "").lower()
    return "count=exact" in (wish.partition(";")[0] for wish in said.split(","))


def address(call: Knock, **edge: UUID | str | None) -> str | None:
    """Return the address that was called with another edge of the list, None without any."""
    if not any(edge.values()):
        return None
    query = call.request.GET.copy()
    for name, value in edge.items():
        query.pop(name, None)
        if value is not None:
            query[name] = str(value)
    return f"{settings.PUBLIC_URL}{call.request.path}?{query.urlencode()}"
