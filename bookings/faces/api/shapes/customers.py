"""Customers."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from bookings.faces.api.lists import Among, Parts, Picked
from bookings.faces.api.shapes import (
    Asked,
    Changed,
    Email,
    Instant,
    Line,
    Shown,
    Text,
    instant,
)
from bookings.models import Customer
from bookings.queries.histories import Totals

Expansion = Literal["totals"]
"""What can be shown of a customer beyond themselves."""


class TotalsShown(Shown):
    """How often somebody booked, as far as the owner of the token may know."""

    bookings: int
    """All of them, whatever became of them."""
    cancellations: int
    """Those that were cancelled or declined."""
    no_shows: int


class CustomerShown(Shown):
    """A contact of a business."""

    expandable = frozenset({"totals"})

    id: UUID
    name: str
    email: str
    """Empty, or theirs alone in this business."""
    phone: str
    time_zone: str
    """IANA time zone; empty where it is not known."""
    language: str
    """Of the letters to them; empty where it is not known."""
    notes: str
    """What staff have noted; customers never see it."""
    opted_out_at: Instant | None
    """Since when they get nothing but news of their bookings; null where they get all."""
    created_at: Instant
    totals: TotalsShown | None
    """Only with `expand=totals`, else null."""


class CustomersQuery(Parts):
    """Which customers are wanted."""

    q: Line = ""
    """Words of the name, the e-mail address or the phone number, or the beginning of the reference
    of a booking."""
    email: Line = ""
    """The one with this e-mail address, whatever its capitals."""
    opted_out: bool | None = None
    """Only those who get nothing but news of their bookings, or only the others."""
    order: Literal["name", "created_at", "-created_at"] = "name"
    expand: Among[Expansion] = frozenset()


class CustomerQuery(Picked):
    """What is wanted of a customer."""

    expand: Among[Expansion] = frozenset()


class CustomerAsked(Asked):
    """A customer to be added."""

    name: Line
    email: Email = ""
    phone: Line = ""
    time_zone: Line = ""
    """IANA time zone."""
    language: Line = ""
    notes: Text = ""


class CustomerChanged(Changed):
    """What is to be otherwise about a customer; an empty text takes away what was there."""

    name: Line = ""
    email: Email = ""
    phone: Line = ""
    time_zone: Line = ""
    """IANA time zone."""
    language: Line = ""
    notes: Text = ""


class MergeAsked(Asked):
    """Who is the same person."""

    duplicate: UUID
    """The other customer, whose bookings move here; they are gone after that."""


def shown_customer(customer: Customer, totals: Totals | None = None) -> CustomerShown:
    """Return a customer as they are said; reads `business`."""
    zone, since = customer.business.zone, customer.opted_out_at
    return CustomerShown(
        id=customer.public_id,
        name=customer.name,
        email=customer.email,
        phone=customer.phone,
        time_zone=customer.zone,
        language=customer.language,
        notes=customer.notes,
        opted_out_at=None if since is None else instant(since, zone),
        created_at=instant(customer.created_at, zone),
        totals=None if totals is None else _shown_totals(totals),
    )


def _shown_totals(totals: Totals) -> TotalsShown:
    return TotalsShown(
        bookings=totals.bookings, cancellations=totals.cancellations, no_shows=totals.no_shows
    )
