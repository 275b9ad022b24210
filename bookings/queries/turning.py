"""Long lists in parts, turned from row to row: however far one has turned, a part costs the same.

A part begins beyond a row that its reader has seen, not at a number: what is added or taken away
meanwhile neither repeats nor hides a row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, Protocol, TypeVar, cast
from uuid import UUID

from django.db.models import Model, Q, QuerySet

ItemT = TypeVar("ItemT")
OtherT = TypeVar("OtherT")
RowT = TypeVar("RowT", bound=Model)

Order = Sequence[str]
"""Columns as in `order_by`, each up or (`-`) down. None may be null, the last one is unique."""


@dataclass(frozen=True)
class Turn:
    """Which part of a list is asked for: at most `size` rows, on the far side of a row seen before.

    That is the row with the public id `after` or `before`; of both, `before` counts. Without
    either the part is the first.
    """

    size: int
    after: UUID | None = None
    before: UUID | None = None


@dataclass(frozen=True)
class Page(Generic[ItemT]):
    """A part of a list in its order; the ids lead to the parts beside it, None where there is none.

    They are those of its first and last row: `Turn.before` and `Turn.after` take them.
    """

    rows: Sequence[ItemT] = ()
    before: UUID | None = None
    after: UUID | None = None
    is_lost: bool = False
    """Whether nobody has seen the row to turn from; the part is then the first."""

    def showing(self, rows: Sequence[OtherT]) -> Page[OtherT]:
        """Return the same part with something else for each of its rows."""
        return Page(rows, self.before, self.after, self.is_lost)


def turned(rows: QuerySet[RowT], turn: Turn, *, order: Order, among: QuerySet[RowT]) -> Page[RowT]:
    """Return a part of `rows`, in the order of `order`, whatever order they are in.

    `among` are the rows that a reader may have seen and turns from, also where they are not or no
    longer in the list: what is looked for may be chosen anew, and a row may change meanwhile. A
    row that is not among them makes the part the first. Rows have a `public_id`.
    Cost: one query for the first part, two for others, and what `rows` prefetches. An index over
    the columns of `order`, in their order, finds a part without reading those before it.
    """
    seen = turn.before or turn.after
    edge = among.filter(public_id=seen).values_list(*map(_column, order)).first() if seen else None
    is_back = edge is not None and turn.before is not None
    way = [_turned_round(each) for each in order] if is_back else order
    if edge is not None:
        rows = rows.filter(_beyond(way, edge))
    found = list(rows.order_by(*way)[: turn.size + 1])
    has_more, found = len(found) > turn.size, found[: turn.size]
    if is_back:
        return _page(found[::-1], has_before=has_more, has_after=True)
    page = _page(found, has_before=edge is not None, has_after=has_more)
    return replace(page, is_lost=seen is not None and edge is None)


def _beyond(way: Order, edge: Sequence[Any]) -> Q:
    """Return what holds for rows beyond an edge, on the way that they are sorted.

    The first condition on a column leaves out nothing that the others let through; it is there
    because it alone is what an index can use.
    """
    column, step = _column(way[0]), "lt" if way[0].startswith("-") else "gt"
    further = Q((f"{column}__{step}", edge[0]))
    if len(way) == 1:
        return further
    return Q((f"{column}__{step}e", edge[0])) & (further | _beyond(way[1:], edge[1:]))


def _column(step: str) -> str:
    return step.removeprefix("-")


def _turned_round(step: str) -> str:
    return _column(step) if step.startswith("-") else f"-{step}"


class Known(Protocol):
    """A row that is known outside by its public id."""

    public_id: UUID


def _page(rows: Sequence[RowT], *, has_before: bool, has_after: bool) -> Page[RowT]:
    known = cast(Sequence[Known], rows)
    return Page(
        rows,
        before=known[0].public_id if known and has_before else None,
        after=known[-1].public_id if known and has_after else None,
    )
