"""The contacts of a business, as its staff keep them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction

from bookings import outbox
from bookings.commands.actor import Actor
from bookings.commands.contact import Contact, checked
from bookings.commands.decision import decision
from bookings.commands.versions import changed_row
from bookings.engine.text import clean_line, clean_text
from bookings.errors import ChangedMeanwhile, Invalid, NotFound, _
from bookings.models import Business, Customer
from bookings.models.languages import is_installed

FIELDS = ("name", "email", "phone", "zone", "language", "notes")
"""What staff may write about a customer."""

ADDRESS_TAKEN = _("Another customer has this address already.")
NO_LANGUAGE = _("This language is not installed.")


@decision
def add_customer(*, business: Business, contact: Contact, now: datetime, actor: Actor) -> Customer:
    """Store a new contact and return it; its `notes` are what staff note about the customer.

    Raises:
        Invalid: a field cannot be accepted, or another customer has the e-mail address.
    """
    clean = checked(contact, needs_email=False)
    if clean.language and not is_installed(clean.language):
        raise Invalid({"language": NO_LANGUAGE})
    values = {name: getattr(clean, name) for name in FIELDS}
    made = Customer(business=business, **values)
    Customer.objects.bulk_create([made], ignore_conflicts=True)
    customer = Customer.objects.filter(public_id=made.public_id).first()
    if customer is None:
        raise Invalid({"email": ADDRESS_TAKEN})
    record(customer, "customer.added", now=now, actor=actor)
    return customer


@decision
def change_customer(
    *,
    customer: Customer,
    typed: Mapping[str, str],
    seen: Mapping[str, str],
    now: datetime,
    actor: Actor,
) -> Customer:
    """Write the fields that were typed over and return the customer as it is then.

    `typed` and `seen` map the same fields, some of `FIELDS`, to what was sent and to what the
    page had shown. A field that was left as it was seen is not written: of two colleagues who
    correct different fields, both succeed. With the address the customer's calendar feeds end.

    Raises:
        Invalid: a field cannot be accepted, or another customer has the e-mail address.
        ChangedMeanwhile: somebody else has changed a field since it was shown.
        NotFound: the customer was merged into another or erased.
    """
    (current,) = locked_customers(customer.pk)
    there = {name: _plain(name, getattr(current, name)) for name in typed}
    wanted = {
        name: value
        for name, value in ((name, _plain(name, typed[name])) for name in typed)
        if value not in (_plain(name, seen[name]), there[name])
    }
    if not wanted:
        return current
    if any(there[name] != _plain(name, seen[name]) for name in wanted):
        raise stale(current)
    _refuse_wrong(current, wanted)
    for name, value in wanted.items():
        setattr(current, name, value)
    try:
        with transaction.atomic():
            current.save(update_fields=list(wanted))
    except IntegrityError as error:
        raise Invalid({"email": ADDRESS_TAKEN}) from error
    record(current, "customer.changed", now=now, actor=actor, fields=sorted(wanted))
    if "email" in wanted:
        _end_feeds(current, now, actor)
    return current


@decision
def record_export(*, customer: Customer, now: datetime, actor: Actor) -> Customer:
    """Put on record that somebody takes away everything stored about a customer; return them.

    Raises:
        NotFound: the customer was merged into another or erased.
    """
    (current,) = locked_customers(customer.pk)
    record(current, "customer.exported", now=now, actor=actor)
    return current


def locked_customers(*pks: int) -> list[Customer]:
    """Return customers in the order of `pks`, locked in that of their pks; parts of decisions.

    The lock waits for bookings that are just being made for them, and lets none begin.

    Raises:
        NotFound: one of them was merged into another or erased.
    """
    rows = Customer.objects.filter(pk__in=pks, erased_at=None).order_by("pk").select_for_update()
    found = {row.pk: row for row in rows}
    if len(found) < len(set(pks)):
        raise NotFound()
    return [found[pk] for pk in pks]


def stale(customer: Customer) -> ChangedMeanwhile:
    """Return the refusal that tells who last changed a customer. Cost: one or two queries."""
    return changed_row(customer.business, customer=str(customer.public_id))


def record(customer: Customer, kind: str, *, now: datetime, actor: Actor, **data: object) -> None:
    """Record what was decided about a customer, by ids and names of fields alone.

    What is on record stays when the customer is erased, so it says nothing about the person.
    Cost: one insert.
    """
    outbox.record_alone(
        business=customer.business,
        kind=kind,
        actor=str(actor),
        now=now,
        data={"customer": str(customer.public_id), **data},
    )


def _end_feeds(customer: Customer, now: datetime, actor: Actor) -> None:
    """End the calendar feeds of a locked customer: their address was told to another mailbox."""
    for feed in customer.feeds.filter(revoked_at=None).order_by("pk"):
        feed.revoked_at = now
        feed.save(update_fields=["revoked_at"])
        record(customer, "feed.revoked", now=now, actor=actor, feed=str(feed.public_id))


def _plain(name: str, value: str) -> str:
    return clean_text(value) if name == "notes" else clean_line(value)


def _refuse_wrong(customer: Customer, wanted: Mapping[str, str]) -> None:
    """Refuse what is wrong with the fields wanted; what others hold is not asked again."""
    values = {name: getattr(customer, name) for name in FIELDS} | dict(wanted)
    wrong: dict[str, str] = {}
    try:
        checked(Contact(**values), needs_email=False)
    except Invalid as refusal:
        wrong = {name: text for name, text in refusal.fields.items() if name in wanted}
    if wanted.get("language") and not is_installed(wanted["language"]):
        wrong["language"] = NO_LANGUAGE
    same = Customer.objects.filter(business=customer.business_id, email__iexact=values["email"])
    if wanted.get("email") and same.exclude(pk=customer.pk).exists():
        wrong.setdefault("email", ADDRESS_TAKEN)
    if wrong:
        raise Invalid(wrong)
