"""Two entries for one person: merging them."""

from __future__ import annotations

from datetime import datetime

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType

from bookings.commands.actor import Actor
from bookings.commands.contact import NOTES_LIMIT
from bookings.commands.customers import locked_customers, record
from bookings.commands.decision import decision
from bookings.errors import Invalid, NotFound, _
from bookings.models import Booking, Customer, Feed

FILLED = ("email", "phone", "zone", "language")
"""What the one that stays takes over where it has nothing itself."""


@decision
def merge_customers(
    *, keep: Customer, duplicate: Customer, now: datetime, actor: Actor
) -> Customer:
    """Make one customer of two and return it: bookings and feeds move, the duplicate's row goes.

    What `keep` says of itself stays; where it says nothing, the duplicate's word is taken; the
    notes are joined, and reminders that either of them refused stay refused. What each booking
    says of its customer stays as it was given.

    Raises:
        Invalid: both are the same, or their notes are too long together.
        NotFound: they belong to different businesses, or one of them is gone by now.
    """
    if keep.pk == duplicate.pk:
        raise Invalid({"other": _("This is the same customer. Please choose another one.")})
    keep, duplicate = locked_customers(keep.pk, duplicate.pk)
    if keep.business_id != duplicate.business_id:
        raise NotFound()
    notes = joined_notes(keep, duplicate)
    if len(notes) > NOTES_LIMIT:
        raise Invalid(
            {"other": _("Together, the notes are too long. Please shorten one of them first.")}
        )
    theirs = Booking.objects.filter(customer=duplicate).order_by("pk")
    moved = [booking.pk for booking in theirs.select_for_update(no_key=True)]
    Booking.objects.filter(pk__in=moved).update(customer=keep)
    Feed.objects.filter(customer=duplicate).update(customer=keep)
    _move_admin_history(keep, duplicate)
    gone = duplicate.public_id
    duplicate.delete()
    for name in FILLED:
        setattr(keep, name, getattr(keep, name) or getattr(duplicate, name))
    keep.notes = notes
    keep.opted_out_at = _stricter(keep, duplicate)
    keep.created_at = min(keep.created_at, duplicate.created_at)
    keep.save(update_fields=[*FILLED, "notes", "opted_out_at", "created_at"])
    record(keep, "customer.merged", now=now, actor=actor, duplicate=str(gone), bookings=len(moved))
    return keep


def joined_notes(keep: Customer, duplicate: Customer) -> str:
    """Return the notes of both, those that say the same once."""
    if duplicate.notes in keep.notes:
        return keep.notes
    if keep.notes in duplicate.notes:
        return duplicate.notes
    return f"{keep.notes}\n\n{duplicate.notes}"


def _stricter(keep: Customer, duplicate: Customer) -> datetime | None:
    """Return since when one of both has wanted nothing but news, None where neither has."""
    return min(filter(None, (keep.opted_out_at, duplicate.opted_out_at)), default=None)


def _move_admin_history(keep: Customer, duplicate: Customer) -> None:
    """Let what admins did to the duplicate be known of the one that stays."""
    kind = ContentType.objects.get_for_model(Customer)
    LogEntry.objects.filter(content_type=kind, object_id=str(duplicate.pk)).update(
        object_id=str(keep.pk)
    )
