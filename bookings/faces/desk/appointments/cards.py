"""An appointment as the desk shows it: words and links, no rows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.roles import Capability
from bookings.commands.answers import in_words
from bookings.engine.policy import BookingState
from bookings.faces import words
from bookings.faces.desk.appointments.actions import (
    Action,
    Doer,
    about_appointment,
    about_booking,
    about_waiting,
    manage_link,
    send_again,
)
from bookings.faces.desk.appointments.history import Happened, history
from bookings.faces.desk.badges import Badge, appointment_badge, booking_badge
from bookings.models import Appointment, Booking, Business, Message, Outlet
from bookings.models.money import price_in_words
from bookings.queries.docket import Attendee, Docket
from bookings.queries.requests import CONFIRMED


@dataclass(frozen=True)
class Told:
    """A question as it was asked, and the answer."""

    question: str
    answer: str


@dataclass(frozen=True)
class Other:
    """Another booking of the same customer."""

    url: str
    text: str
    badge: Badge


@dataclass(frozen=True)
class Person:
    """One customer in an appointment, with what can be done about their seats."""

    id: str
    name: str
    url: str
    phone: str
    phone_url: str
    email: str
    texts: str
    seats: str
    badge: Badge
    reference: str
    reason: str
    told: list[Told]
    others: list[Other]
    actions: list[Action]
    link_url: str

    @property
    def rare(self) -> list[str]:
        """Return where the actions lead that are kept out of the way."""
        return [action.url for action in self.actions if action.is_rare]


@dataclass(frozen=True)
class Waiter:
    """Somebody on the waiting list: since when, or until when a place is kept for them."""

    name: str
    url: str
    seats: str
    when: str
    badge: Badge
    actions: list[Action]


@dataclass(frozen=True)
class Letter:
    """A message and what has become of it."""

    to: str
    what: str
    badge: Badge
    when: str
    error: str
    again_url: str


@dataclass(frozen=True)
class Card:
    """Everything about an appointment."""

    title: str
    url: str
    day_url: str
    day: str
    times: str
    zone: str
    length: str
    who: str
    place: str
    place_icon: str
    join_link: str
    price: str
    seats: str
    held: str
    badge: Badge
    file_url: str
    version: int
    people: list[Person]
    waiting: list[Waiter]
    actions: list[Action]
    notes: str
    notes_url: str
    history: list[Happened]
    letters: list[Letter]


MESSAGE_BADGES = {
    "waiting": Badge(gettext_lazy("waiting"), ""),
    "retrying": Badge(gettext_lazy("trying again"), "warn"),
    "sent": Badge(gettext_lazy("sent"), "ok"),
    "failed": Badge(gettext_lazy("failed"), "bad"),
    "dropped": Badge(gettext_lazy("not sent: no longer true"), "off"),
}
DELIVERY_BADGES = {
    "queued": Badge(gettext_lazy("sent"), "ok"),
    "sent": Badge(gettext_lazy("sent"), "ok"),
    "delivered": Badge(gettext_lazy("arrived"), "ok"),
    "undelivered": Badge(gettext_lazy("did not arrive"), "bad"),
    "failed": Badge(gettext_lazy("did not arrive"), "bad"),
}
"""What has become of a text that was sent, as its carrier says."""
TOPICS = {
    "confirmed": pgettext_lazy("message", "Confirmation"),
    "changed": pgettext_lazy("message", "Change"),
    "cancelled": pgettext_lazy("message", "Cancellation"),
    "requested": pgettext_lazy("message", "Request"),
    "declined": pgettext_lazy("message", "Refusal"),
    "waitlisted": pgettext_lazy("message", "Waiting list"),
    "offer": pgettext_lazy("message", "Offer of a place"),
    "removed": pgettext_lazy("message", "Removal"),
    "reminder": pgettext_lazy("message", "Reminder"),
    "reconfirmation": pgettext_lazy("message", "Question whether they will come"),
    "follow_up": pgettext_lazy("message", "Follow-up"),
}


def card(docket: Docket, doer: Doer) -> Card:
    """Return an appointment in words. No queries."""
    appointment = docket.appointment
    business, zone = doer.colleague.business, doer.colleague.business.zone
    begin = appointment.starts_at.astimezone(ZoneInfo(zone))
    where = words.place(
        appointment.location_kind, appointment.place, business.address, for_staff=True
    )
    taken = {"taken": appointment.seats_taken, "capacity": appointment.capacity}
    held = _("%(count)s being booked right now") % {"count": words.people(docket.held)}
    return Card(
        title=appointment.service.name,
        url=doer.to("appointment", appointment),
        day_url=day_url(business, appointment.starts_at),
        day=words.full_day(begin.date()),
        times=words.period(appointment.starts_at, appointment.ends_at, zone),
        zone=words.zone_at(zone, appointment.starts_at),
        length=words.length(appointment.ends_at - appointment.starts_at),
        who=", ".join(each.name for each in docket.staff),
        place=" · ".join(part for part in (*(each.name for each in docket.rooms), where) if part),
        place_icon=words.place_icon(appointment.location_kind),
        join_link=appointment.join_link,
        price=price_in_words(appointment.price_kind, appointment.price, appointment.currency),
        seats=_("%(taken)s of %(capacity)s places taken") % taken if appointment.is_group else "",
        held=held if docket.held else "",
        badge=appointment_badge(appointment, [each.booking for each in docket.attendees]),
        file_url=doer.to("appointment_file", appointment) if _was_agreed(docket) else "",
        version=appointment.version,
        people=[_person(each, appointment, doer) for each in docket.attendees],
        waiting=[_waiter(each, appointment, doer) for each in docket.waiting],
        actions=about_appointment(appointment, doer),
        notes=appointment.staff_notes,
        notes_url=doer.to("notes", appointment) if doer.may(Capability.MOVE) else "",
        history=history(docket.events, zone=zone),
        letters=[_letter(each, doer) for each in docket.messages],
    )


def _was_agreed(docket: Docket) -> bool:
    """Say whether anybody in it was ever confirmed: only then has it an entry for calendars."""
    agreed = any(each.booking.state == BookingState.CONFIRMED for each in docket.attendees)
    return agreed or any(event.kind == CONFIRMED for event in docket.events)


def brief(appointment: Appointment, zone: str) -> str:
    """Return what an appointment is and when, in one line."""
    when = words.period(appointment.starts_at, appointment.ends_at, zone)
    day = words.full_day(appointment.starts_at.astimezone(ZoneInfo(zone)).date())
    return f"{appointment.service.name} · {day}, {when}"


def day_url(business: Business, at: datetime) -> str:
    """Return the address of the day that an instant lies in."""
    local = at.astimezone(ZoneInfo(business.zone))
    return f"{reverse('desk:day', args=[business.slug])}?day={local:%Y-%m-%d}"


def _person(attendee: Attendee, appointment: Appointment, doer: Doer) -> Person:
    booking = attendee.booking
    customer = booking.customer
    sees = doer.may(Capability.SEE_CUSTOMERS) and customer is not None and not customer.erased_at
    return Person(
        id=str(booking.public_id),
        name=booking.name or _("Somebody"),
        url=doer.to("customer", customer) if customer and sees else "",
        phone=booking.phone,
        phone_url="tel:" + re.sub(r"[^+0-9]", "", booking.phone),
        email=booking.email,
        texts=_texts(booking),
        seats=words.people(booking.seats) if appointment.is_group else "",
        badge=booking_badge(booking),
        reference=booking.reference,
        reason=booking.cancel_reason,
        told=_told(attendee),
        others=[_other(each, doer) for each in attendee.others],
        actions=about_booking(booking, appointment, doer),
        link_url=manage_link(booking, doer),
    )


def _texts(booking: Booking) -> str:
    """Return where text messages about a booking go, "" where none do."""
    if not booking.sms_number:
        return ""
    return _("Agreed to text messages to %(number)s") % {"number": words.number(booking.sms_number)}


def _waiter(booking: Booking, appointment: Appointment, doer: Doer) -> Waiter:
    zone, customer = doer.colleague.business.zone, booking.customer
    sees = doer.may(Capability.SEE_CUSTOMERS) and customer is not None
    if booking.is_offered and booking.expires_at:
        when = _("kept until %(when)s") % {"when": words.instant(booking.expires_at, zone)}
    else:
        when = _("since %(when)s") % {
            "when": words.instant(booking.waitlisted_at or booking.created_at, zone)
        }
    return Waiter(
        name=booking.name,
        url=doer.to("customer", customer) if customer and sees else "",
        seats=words.people(booking.seats),
        when=when,
        badge=booking_badge(booking),
        actions=about_waiting(booking, appointment, doer),
    )


def _told(attendee: Attendee) -> list[Told]:
    found = [Told(each.asked, in_words(each)) for each in attendee.answers]
    notes = attendee.booking.notes
    return [*found, Told(_("Notes of the customer"), notes)] if notes else found


def _other(booking: Booking, doer: Doer) -> Other:
    appointment = booking.appointment
    when = words.instant(appointment.starts_at, doer.colleague.business.zone)
    return Other(
        url=doer.to("appointment", appointment),
        text=f"{when} · {appointment.service.name}",
        badge=booking_badge(booking),
    )


def _letter(message: Message, doer: Doer) -> Letter:
    done = message.sent_at or message.failed_at or message.dropped_at
    topic = TOPICS.get(message.topic, message.topic.replace("_", " "))
    return Letter(
        to=words.number(message.address) if message.outlet == Outlet.SMS else message.address,
        what=str(topic),
        badge=DELIVERY_BADGES.get(message.delivery, MESSAGE_BADGES[message.state]),
        when=words.instant(done or message.due_at, doer.colleague.business.zone),
        error=message.error,
        again_url=send_again(message, doer),
    )
