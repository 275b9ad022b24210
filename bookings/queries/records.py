"""What is on record about customers: decisions, the bookings that are theirs, their addresses."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from bookings.models import Booking, Customer, Event, Message


def records_of(customer: Customer) -> QuerySet[Event]:
    """Return the events that decisions about a customer have left, in no order.

    Those about duplicates that were merged into it are among them. Cost of this call: as
    `ids_of`.
    """
    alone = Event.objects.filter(business=customer.business_id, appointment=None)
    return alone.filter(data__customer__in=ids_of(customer))


def ids_of(customer: Customer) -> set[str]:
    """Return the public ids of a customer, and of the duplicates that were merged into it.

    Cost: a query for each round of merging, mostly one.
    """
    rows = Event.objects.filter(business=customer.business_id, appointment=None)
    known, fresh = {str(customer.public_id)}, {str(customer.public_id)}
    while fresh:
        merged = rows.filter(kind="customer.merged", data__customer__in=fresh)
        fresh = set(merged.values_list("data__duplicate", flat=True)) - known
        known |= fresh
    return known


def addresses_of(customer: Customer) -> set[str]:
    """Return the e-mail addresses that are this customer's alone, in small letters.

    They booked under them, even if their own page names another by now; an address that
    another customer of the business has is that one's. Cost: two queries.
    """
    booked = Booking.objects.filter(customer=customer).exclude(email="")
    known = set(booked.values_list(Lower("email"), flat=True).distinct())
    known |= {customer.email.lower()} - {""}
    others = Customer.objects.filter(business=customer.business_id).exclude(pk=customer.pk)
    taken = others.annotate(folded=Lower("email")).filter(folded__in=known)
    return known - set(taken.values_list("folded", flat=True))


def bookings_of(customer: Customer) -> QuerySet[Booking]:
    """Return a customer's bookings, in no order; those that nobody linked are known by address.

    Cost of this call: two queries.
    """
    rows = Booking.objects.filter(business=customer.business_id).alias(folded=Lower("email"))
    unlinked = Q(customer=None, folded__in=addresses_of(customer))
    return rows.filter(Q(customer=customer) | unlinked)


def letters_to_shred() -> set[str]:
    """Return the names of the letters that were about people who are erased. Cost: one query."""
    keys = Message.objects.filter(key__startswith="erased:").values_list("key", flat=True)
    return {name for key in keys.iterator() for name in key.split(":")[1:]}
