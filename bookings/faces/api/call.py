"""A call: who makes it, in which business, and when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Protocol, TypeVar, cast
from uuid import UUID

from django.conf import settings
from django.db.models import Model, QuerySet
from django.urls import reverse
from rest_framework.request import Request

from accounts.callers import Caller
from accounts.models import User
from bookings.commands import Actor
from bookings.errors import Invalid, NotFound
from bookings.queries.colleagues import Colleague
from bookings.queries.turning import Known

RowT = TypeVar("RowT", bound=Model)


class Knock(Protocol):
    """What every call has, whoever makes it."""

    @property
    def request(self) -> Request:
        """Return what was sent."""

    @property
    def now(self) -> datetime:
        """Return when it came."""

    @property
    def connection(self) -> str:
        """Return the name of who calls, for limits and for repeats of the same call."""


@dataclass(frozen=True)
class Call:
    """One call by a program of somebody's; `colleague` is who they are in the business it names.

    Addresses outside any business have no colleague.
    """

    request: Request
    caller: Caller
    now: datetime
    in_business: Colleague | None = None

    @property
    def connection(self) -> str:
        """Return the name of the token or client."""
        return self.caller.connection

    @property
    def user(self) -> User:
        """Return on whose behalf the program calls."""
        return self.caller.user

    @property
    def colleague(self) -> Colleague:
        """Return who they are in the business that the address names."""
        assert self.in_business is not None, "this address names no business"
        return self.in_business

    def address(self, name: str, **ids: UUID) -> str:
        """Return where something of the business is, by the name of its route and its ids."""
        business = self.colleague.business.public_id
        return (
            f"{settings.PUBLIC_URL}{reverse(f'api:{name}', kwargs={'business': business, **ids})}"
        )

    @cached_property
    def actor(self) -> Actor:
        """Return who is behind what the call decides."""
        return Actor("program", f"{self.caller.name} ({self.user})"[:100])


def one(rows: QuerySet[RowT], public_id: UUID, *, named: str = "") -> RowT:
    """Return the row with this public id among those within reach. Cost: one query.

    `named` is the field or parameter that names it, where the path does not.

    Raises:
        NotFound: it is not among them; nobody shall learn whether it exists.
    """
    row = rows.filter(public_id=public_id).first()
    if row is None:
        raise NotFound(named=named)
    return row


@contextmanager
def named_by(field: str) -> Iterator[None]:
    """Say of what is not found within that this field or parameter names it.

    Raises:
        NotFound: something was not.
    """
    try:
        yield
    except NotFound:
        raise NotFound(named=field) from None


def named(rows: QuerySet[RowT], field: str, ids: Sequence[UUID]) -> dict[UUID, RowT]:
    """Return the rows that the list `field` of a body names by `id`. Cost: one query, or none.

    Raises:
        Invalid: some are not within reach; each is named by its place.
    """
    if not ids:
        return {}
    found = {cast(Known, row).public_id: row for row in rows.filter(public_id__in=ids)}
    places = [place for place, each in enumerate(ids) if each not in found]
    if places:
        raise Invalid({f"{field}.{place}.id": str(NotFound()) for place in places})
    return found
