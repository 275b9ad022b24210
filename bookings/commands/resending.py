"""Sending a letter once more, because somebody asks for it."""

from __future__ import annotations

from datetime import datetime

from bookings import outbox
from bookings.commands.actor import Actor
from bookings.commands.decision import decision
from bookings.commands.scheduling import count_up, locked
from bookings.models import Message


@decision
def resend(*, message: Message, now: datetime, actor: Actor) -> Message:
    """Queue a letter once more, to the same address, and return the new message.

    What it says is read again when it is sent, so it may say something newer, or be dropped
    because it is no longer true. Where an appointment stands behind it, an event says who
    sent it again, but not to which address. Cost: at most six statements.

    Raises:
        OnItsWay: it has not left yet, or is being sent once more already.
    """
    about = message.appointment_id
    appointment = locked(about)[about] if about else None
    again = outbox.resend(message, now=now)
    if appointment is not None:
        count_up(appointment)
        outbox.record(
            appointment=appointment,
            booking=message.booking,
            kind="message.resent",
            actor=str(actor),
            now=now,
            data={"topic": message.topic, "audience": message.audience},
        )
    return again
