"""What happened to an appointment, in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.faces import words
from bookings.models import Event


@dataclass(frozen=True)
class Happened:
    """One line of a history: when, who did it, what it was, and what was said of it."""

    at: datetime
    when: str
    who: str
    text: str
    note: str


SENTENCES = {
    "booking.requested": gettext_lazy("Asked for by %(name)s"),
    "booking.confirmed": gettext_lazy("Booked for %(name)s"),
    "booking.waitlisted": gettext_lazy("%(name)s waits for a place"),
    "booking.offered": gettext_lazy("A place was offered to %(name)s"),
    "booking.offer_declined": gettext_lazy("%(name)s did not want the place"),
    "booking.offer_expired": gettext_lazy("%(name)s did not take the place in time"),
    "booking.unlisted": gettext_lazy("%(name)s is off the waiting list"),
    "booking.reconfirmed": gettext_lazy("%(name)s said once more: I will come"),
    "booking.declined": gettext_lazy("Declined for %(name)s"),
    "booking.rescheduled": gettext_lazy("Moved for %(name)s"),
    "booking.reassigned": gettext_lazy("Given to somebody else, for %(name)s"),
    "booking.left": gettext_lazy("%(name)s moved to another time"),
    "booking.cancelled": gettext_lazy("Cancelled for %(name)s"),
    "booking.checked_in": gettext_lazy("%(name)s is here"),
    "booking.check_in_cleared": gettext_lazy("Taken back that %(name)s is here"),
    "booking.completion_cleared": gettext_lazy("Taken back that it is completed for %(name)s"),
    "booking.completed": gettext_lazy("Completed for %(name)s"),
    "booking.no_show": gettext_lazy("%(name)s did not come"),
    "booking.no_show_cleared": gettext_lazy("Taken back that %(name)s did not come"),
    "booking.texts_ended": gettext_lazy("%(name)s wants no more text messages"),
    "booking.rederived": gettext_lazy("Follows a change of the clocks, for %(name)s"),
    "appointment.rescheduled": gettext_lazy("Moved with everybody in it"),
    "appointment.reassigned": gettext_lazy("Given to somebody else"),
    "appointment.cancelled": gettext_lazy("Cancelled with everybody in it"),
    "appointment.rederived": gettext_lazy("Follows a change of the clocks"),
    "appointment.noted": gettext_lazy("Internal notes changed"),
    "choice.made": gettext_lazy("Answered by mail, about %(name)s"),
    "message.resent": gettext_lazy("A letter was sent again"),
}
APPROVED = gettext_lazy("Approved for %(name)s")
TWINS = {
    "booking.rescheduled": "appointment.rescheduled",
    "booking.reassigned": "appointment.reassigned",
    "booking.cancelled": "appointment.cancelled",
    "booking.rederived": "appointment.rederived",
}
"""Events of each customer that one event of their appointment says already."""


def history(events: Sequence[Event], *, zone: str) -> list[Happened]:
    """Return events in sentences, their times in `zone`, in the order given.

    What was done to everybody is said once. A kind without a sentence is shown by its name.
    Reads each event's booking.
    """
    told = {(event.kind, event.at) for event in events}
    asked = {event.booking_id for event in events if event.kind == "booking.requested"}
    return [
        _line(event, zone, was_asked=event.booking_id in asked)
        for event in events
        if (TWINS.get(event.kind), event.at) not in told
    ]


def _line(event: Event, zone: str, *, was_asked: bool) -> Happened:
    name = event.booking.name if event.booking and event.booking.name else _("somebody")
    sentence = SENTENCES.get(event.kind)
    if was_asked and event.kind == "booking.confirmed":
        sentence = APPROVED
    text = (
        sentence % {"name": name} if sentence else event.kind.replace(".", ": ").replace("_", " ")
    )
    return Happened(
        at=event.at,
        when=words.instant(event.at, zone),
        who=words.who(event.actor),
        text=text,
        note=" ".join(part for part in _notes(event, zone) if part),
    )


def _notes(event: Event, zone: str) -> list[str]:
    """Return what the event's data add: the old time and people, reasons."""
    data, notes = event.data, []
    if was := _instant_in(data, "starts_at"):
        notes.append(_("It was on %(when)s.") % {"when": words.instant(was, zone)})
    if people := data.get("staff"):
        notes.append(_("It was with %(who)s.") % {"who": ", ".join(map(str, people))})
    if people := data.get("staff_now"):
        notes.append(_("Now with %(who)s.") % {"who": ", ".join(map(str, people))})
    if reason := data.get("reason"):
        notes.append(_("Reason: %(reason)s") % {"reason": reason})
    if because := data.get("because"):
        notes.append(_("Against the rules, because: %(reason)s") % {"reason": because})
    return notes


def _instant_in(data: dict[str, object], name: str) -> datetime | None:
    try:
        return datetime.fromisoformat(str(data[name]))
    except (KeyError, ValueError):
        return None
