"""What staff write to each other about an appointment."""

from __future__ import annotations

from datetime import datetime

from bookings import outbox
from bookings.commands.actor import Actor
from bookings.commands.contact import NOTES_LIMIT
from bookings.commands.decision import decision
from bookings.commands.scheduling import locked
from bookings.commands.versions import refuse_stale
from bookings.engine.text import clean_text
from bookings.errors import Invalid, _
from bookings.models import Appointment


@decision
def write_notes(
    *,
    appointment: Appointment,
    text: str,
    now: datetime,
    actor: Actor,
    version: int | None = None,
) -> Appointment:
    """Replace the internal notes of an appointment; the same text again changes nothing.

    Staff read them on the desk and in their letters. No customer's letter, page or calendar
    shows them, and the event tells that they were written, not what: they may be personal.
    `version` is that of the appointment as `actor` saw it. Cost: at most four statements.

    Raises:
        Invalid: they are too long.
        ChangedMeanwhile: the version is another by now.
    """
    text = _checked(text, "notes")
    appointment = locked(appointment.pk)[appointment.pk]
    refuse_stale(appointment, version, actor)
    if text == appointment.staff_notes:
        return appointment
    appointment.staff_notes = text
    appointment.version += 1
    appointment.save(update_fields=["staff_notes", "version"])
    outbox.record(appointment=appointment, kind="appointment.noted", actor=str(actor), now=now)
    return appointment


def note_beneath(appointment: Appointment, text: str) -> None:
    """Write internal notes beneath those of a locked appointment; what stands there, only once.

    Cost: one statement, none without notes. The caller's event tells of it.

    Raises:
        Invalid: together they are too long.
    """
    text = clean_text(text)
    if not text or text in appointment.staff_notes:
        return
    together = "\n".join(each for each in (appointment.staff_notes, text) if each)
    appointment.staff_notes = _checked(together, "staff_notes")
    appointment.save(update_fields=["staff_notes"])


def _checked(text: str, field: str) -> str:
    text = clean_text(text)
    if len(text) > NOTES_LIMIT:
        raise Invalid({field: _("These notes are too long: 4000 characters at most.")})
    return text
