"""The pieces of letters about appointments, as the rows have them now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import cast

from django.conf import settings
from django.db.models import QuerySet
from django.utils import translation

from bookings.commands import manage_token, opt_out_token
from bookings.commands.answers import in_words
from bookings.engine.policy import CHANGEABLE, BookingState
from bookings.models import Appointment, Booking, Business, Event, Resource
from bookings.models.money import price_in_words
from bookings.outlets import letter as written
from bookings.outlets.letter import Place


def letterhead(business: Business) -> written.Letterhead:
    """Return the paper of a business."""
    return written.Letterhead(
        name=business.name,
        mailbox=business.mailbox,
        brand=business.brand,
        page_url=f"{settings.PUBLIC_URL}/b/{business.slug}/",
        sender=business.sender_name,
        reply_to=business.reply_to,
        address=business.address,
        phone=business.phone,
        website=business.website,
    )


def when(appointment: Appointment, zone: str) -> written.When:
    """Return when an appointment is, for a reader in `zone`."""
    return written.When(starts_at=appointment.starts_at, ends_at=appointment.ends_at, zone=zone)


def before(event: Event, zone: str) -> written.Before | None:
    """Return the time and people before an event, None where it changed neither."""
    if "starts_at" not in event.data:
        return None
    return written.Before(
        when=written.When(
            starts_at=datetime.fromisoformat(event.data["starts_at"]).astimezone(UTC),
            ends_at=datetime.fromisoformat(event.data["ends_at"]).astimezone(UTC),
            zone=zone,
        ),
        staff=tuple(event.data.get("staff", ())),
    )


def where(appointment: Appointment) -> written.Where:
    """Return where an appointment is held."""
    return written.Where(
        kind=cast(Place, appointment.location_kind),
        place=appointment.place,
        join_link=appointment.join_link,
    )


def guests_of(event: Event, bookings: Iterable[Booking]) -> list[Booking]:
    """Return, of an appointment's bookings, those that are in it, or were when it was cancelled."""
    cancelled = event.data.get("bookings")
    if cancelled is not None:
        return [booking for booking in bookings if str(booking.public_id) in cancelled]
    return [booking for booking in bookings if booking.state in CHANGEABLE]


def staff_of(appointment: Appointment) -> QuerySet[Resource]:
    """Return who serves an appointment, by name."""
    return appointment.resources.filter(kind="staff").order_by("name")


def staff_names(appointment: Appointment) -> tuple[str, ...]:
    """Return the names of those who serve an appointment, sorted. Cost: one query."""
    return tuple(staff_of(appointment).values_list("name", flat=True))


def price(appointment: Appointment, language: str) -> str:
    """Return what an appointment costs, in a language."""
    with translation.override(language):
        return price_in_words(appointment.price_kind, appointment.price, appointment.currency)


def guest(booking: Booking) -> written.Guest:
    """Return a customer's part in an appointment. Cost: one query for the answers."""
    return written.Guest(
        name=booking.name,
        email=booking.email,
        reference=booking.reference,
        phone=booking.phone,
        seats=booking.seats,
        is_awaiting=booking.state == BookingState.PENDING.value,
        notes=booking.notes,
        answers=tuple(
            written.Answered(question=answer.asked, answer=in_words(answer))
            for answer in sorted(booking.answers.all(), key=lambda answer: answer.pk)
        ),
    )


def manage_url(booking: Booking, now: datetime) -> str:
    """Return the address of a booking's manage page. Cost: one insert."""
    return f"{settings.PUBLIC_URL}/m/{manage_token(booking=booking, now=now)}/"


def opt_out_url(booking: Booking) -> str:
    """Return where a customer ends, and begins again, all that is no news of their bookings."""
    return f"{settings.PUBLIC_URL}/u/{opt_out_token(booking=booking)}/"
