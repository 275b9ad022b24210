"""What can be done with an appointment, by its state and by who looks at it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.roles import Capability
from bookings.engine.policy import CHANGEABLE, AppointmentState, Decision, decisions_about
from bookings.faces.desk.frame import address_of
from bookings.models import Appointment, Booking, Customer, Message
from bookings.queries.colleagues import Colleague

Row = Appointment | Booking | Customer | Message


@dataclass(frozen=True)
class Action:
    """A button: where it leads, and whether it goes there or does something at once.

    With `asks` it opens a form with that question, whose answer may stay empty. What is rare is
    kept out of the way.
    """

    label: str
    url: str
    icon: str = ""
    tone: str = ""
    asks: str = ""
    is_link: bool = False
    is_rare: bool = False

    @property
    def id(self) -> str:
        """Return a name for its field that no other action of the page has."""
        return self.url.strip("/").replace("/", "-")

    @property
    def sure(self) -> str:
        """Return the words on the button that ends the form it opens."""
        return self.label.rstrip("…")


@dataclass(frozen=True)
class Doer:
    """Somebody who looks at an appointment of their business, and when."""

    colleague: Colleague
    now: datetime

    def may(self, capability: Capability) -> bool:
        """Say whether they have a capability; what they see is within its reach."""
        return self.colleague.may(capability)

    def to(self, name: str, row: Row) -> str:
        """Return the address of a page about a row of the business."""
        return address_of(self.colleague, name, row.public_id)


def about_appointment(appointment: Appointment, doer: Doer) -> list[Action]:
    """Return what can be done with an appointment and everybody in it."""
    if appointment.state != AppointmentState.SCHEDULED.value:
        return []
    found: list[Action] = []
    is_coming = appointment.ends_at > doer.now
    if doer.may(Capability.MOVE):
        found.append(Action(_("Move…"), doer.to("move", appointment), "calendar", is_link=True))
    if doer.may(Capability.REASSIGN) and is_coming:
        url = doer.to("reassign", appointment)
        found.append(Action(_("Hand over…"), url, "person", is_link=True))
    if doer.may(Capability.CHANGE_ATTENDEES) and appointment.is_group and is_coming:
        url = doer.to("add_attendee", appointment)
        found.append(Action(_("Add somebody…"), url, "people", is_link=True))
    if doer.may(Capability.CANCEL):
        url, why = doer.to("cancel_appointment", appointment), _("Why? Everybody in it is told.")
        label = _("Cancel for everybody…") if appointment.is_group else _("Cancel…")
        found.append(Action(label, url, "cross", "danger", asks=why))
    return found


def about_booking(booking: Booking, appointment: Appointment, doer: Doer) -> list[Action]:
    """Return what can be done with one customer's seats."""
    allowed = decisions_about(booking, starts_at=appointment.starts_at, now=doer.now)
    found: list[Action] = []
    if Decision.APPROVE in allowed and doer.may(Capability.CANCEL):
        why = _("Why? The customer is told.")
        found.append(Action(_("Approve"), doer.to("approve", booking), "check", "primary"))
        found.append(
            Action(_("Decline…"), doer.to("decline", booking), "cross", "danger", asks=why)
        )
    if doer.may(Capability.ATTEND):
        found += _attending(booking, allowed, doer)
    if Decision.CANCEL in allowed and appointment.is_group:
        found += _leaving(booking, doer)
    if booking.sms_number and booking.state in CHANGEABLE and doer.may(Capability.MOVE):
        url = doer.to("end_texts", booking)
        found.append(Action(_("No more text messages"), url, "phone", is_rare=True))
    return found


def about_waiting(booking: Booking, appointment: Appointment, doer: Doer) -> list[Action]:
    """Return what can be done about somebody who waits: a place where one is free, or the door."""
    if not doer.may(Capability.CHANGE_ATTENDEES) or appointment.ends_at <= doer.now:
        return []
    found: list[Action] = []
    fits = appointment.seats_taken + booking.seats <= appointment.capacity
    if booking.is_offered or fits:
        url = doer.to("give_place", booking)
        found.append(Action(_("Give them the place"), url, "check"))
    url, why = doer.to("unlist", booking), _("Why? The customer is told.")
    return [*found, Action(_("Remove…"), url, "cross", "danger", asks=why)]


def manage_link(booking: Booking, doer: Doer) -> str:
    """Return where the link for the customer is to be had, "" where it is not."""
    may = doer.may(Capability.MOVE) and booking.state in CHANGEABLE
    return doer.to("link", booking) if may else ""


def send_again(message: Message, doer: Doer) -> str:
    """Return where a message is sent again, "" where it is not."""
    return doer.to("resend", message) if doer.may(Capability.MOVE) and not message.is_queued else ""


def _attending(booking: Booking, allowed: frozenset[Decision], doer: Doer) -> list[Action]:
    """Return what can be noted of a customer's coming; a no-show is first taken back."""
    if Decision.CLEAR_NO_SHOW in allowed:
        undo = Action(_("They did come: undo no-show"), doer.to("undo_no_show", booking), "check")
        return [undo]
    buttons = (
        (Decision.CHECK_IN, _("Check in"), "check_in", "check", "primary"),
        (Decision.MARK_NO_SHOW, _("Did not come"), "no_show", "cross", ""),
        (Decision.COMPLETE, _("Complete"), "complete", "check", ""),
        (Decision.CLEAR_CHECK_IN, _("Undo check-in"), "undo_check_in", "left", ""),
        (Decision.CLEAR_COMPLETION, _("Undo complete"), "undo_complete", "left", ""),
    )
    return [
        Action(label, doer.to(name, booking), icon, tone)
        for decision, label, name, icon, tone in buttons
        if decision in allowed
    ]


def _leaving(booking: Booking, doer: Doer) -> list[Action]:
    """Return how one of a group goes to another time, or out."""
    found: list[Action] = []
    if doer.may(Capability.MOVE):
        url = doer.to("move_booking", booking)
        found.append(Action(_("Move only this one…"), url, "calendar", is_link=True, is_rare=True))
    if doer.may(Capability.CANCEL):
        url, why = doer.to("cancel_booking", booking), _("Why? The customer is told.")
        found.append(Action(_("Remove…"), url, "cross", "danger", asks=why, is_rare=True))
    return found
