"""What was ever agreed to, and what has only been asked for."""

from __future__ import annotations

from bookings.models import Appointment, Booking, ChoiceLink, ChoicePurpose, Event

CONFIRMED = "booking.confirmed"


def was_confirmed(booking: Booking) -> bool:
    """Say whether a booking is or has been confirmed, not only asked for. Cost: one query."""
    return Event.objects.filter(kind=CONFIRMED, booking=booking).exists()


def was_asked_to_come(booking: Booking) -> bool:
    """Say whether a letter has asked the customer to say once more that they come. One query."""
    asked = ChoiceLink.objects.filter(booking=booking, purpose=ChoicePurpose.RECONFIRMATION)
    return asked.exists()


def was_ever_confirmed(appointment: Appointment) -> bool:
    """Say so of any booking that was ever in an appointment. Cost: one query."""
    theirs = Event.objects.filter(kind=CONFIRMED, booking__events__appointment=appointment)
    return theirs.exists()
