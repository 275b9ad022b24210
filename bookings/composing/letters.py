"""What a queued e-mail says, read again when it is sent, so that it says nothing untrue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Q
from django.utils import translation

from bookings.commands import feed_for, feed_token
from bookings.composing.options import approval
from bookings.composing.own_wording import in_own_words
from bookings.composing.pieces import (
    before,
    guest,
    guests_of,
    letterhead,
    manage_url,
    price,
    staff_names,
    when,
    where,
)
from bookings.composing.reminders import reminder_of
from bookings.composing.staff_letters import STAFF_LETTERS
from bookings.composing.troubles import notice_of
from bookings.composing.waiting import waiting_letter
from bookings.engine.policy import CHANGEABLE, AppointmentState, BookingState
from bookings.models import Appointment, Booking, Business, Customer, Event, Message, Resource
from bookings.models.appointment import IN_LINE
from bookings.models.outbox import Audience
from bookings.outlets import letter as written
from bookings.outlets.letter import PLANNED, Letter, Topic
from bookings.queries.requests import CONFIRMED, was_confirmed, was_ever_confirmed

GONE = {BookingState.CANCELLED.value, BookingState.DECLINED.value, BookingState.EXPIRED.value}


def letter_of(message: Message, *, now: datetime) -> Letter | None:
    """Return the letter of a message in the business's own words; None when it is not true by now.

    A confirmation or change of a booking that is cancelled by now is dropped, because its
    cancellation is queued behind it; so is the word of a request that is decided by now.
    Cost: at most fifteen queries.

    Raises:
        Needless: it was planned, and the customer does not want or need it any more.
    """
    _load(message)
    letter = _plain(message, now)
    return in_own_words(letter, message.business_id) if letter else None


def _load(message: Message) -> None:
    """Fetch what letters read of a message in one go. Cost: one query."""
    related = ("event__appointment__service", "booking__appointment__service__business")
    loaded = Message.objects.select_related("business", *related).get(pk=message.pk)
    message.business = loaded.business
    message.event, message.booking = loaded.event, loaded.booking


def _plain(message: Message, now: datetime) -> Letter | None:
    if message.topic == Topic.MINE:
        return _mine(message, now)
    if message.topic == Topic.NOTICE:
        return notice_of(message)
    if message.topic in PLANNED:
        return reminder_of(message, now=now)
    if message.topic in (Topic.WAITLISTED, Topic.OFFER):
        return waiting_letter(message, now=now)
    event = message.event
    if event is not None and message.topic in STAFF_LETTERS:
        return STAFF_LETTERS[Topic(message.topic)](event, message, letterhead(message.business))
    if event is None or event.appointment is None:
        return None
    appointment = event.appointment
    if message.audience == Audience.CUSTOMER and message.booking is not None:
        appointment = message.booking.appointment
    if is_untrue(message, appointment):
        return None
    return _about(message, event, appointment, now)


def is_untrue(message: Message, appointment: Appointment) -> bool:
    """Say whether what a message says of an appointment, or of its booking there, is over."""
    if message.topic in (Topic.CANCELLED, Topic.DECLINED, Topic.REMOVED):
        return False
    if message.booking is None:
        return appointment.state == AppointmentState.CANCELLED.value
    if message.topic == Topic.REQUESTED:
        return message.booking.state != BookingState.PENDING.value
    return message.booking.state in GONE


@dataclass(frozen=True)
class _News:
    """What a message is about, as the rows have it now; the words as in `letter.Occasion`."""

    message: Message
    event: Event
    is_request: bool
    has_begun: bool
    has_left: bool


def _news(message: Message, event: Event, appointment: Appointment, now: datetime) -> _News:
    about = message.booking
    return _News(
        message,
        event,
        is_request=event.kind != CONFIRMED
        and not (was_confirmed(about) if about else was_ever_confirmed(appointment)),
        has_begun=message.topic == Topic.CONFIRMED and appointment.starts_at <= now,
        has_left=_has_left(message, appointment),
    )


def _about(message: Message, event: Event, appointment: Appointment, now: datetime) -> Letter:
    to_customer = message.audience == Audience.CUSTOMER
    booking = message.booking
    business = message.business
    news = _news(message, event, appointment, now)
    is_confirmed = to_customer and not news.is_request
    language = (booking.language if to_customer and booking else "") or settings.LANGUAGE_CODE
    zone = (booking.zone if to_customer and booking else "") or business.zone
    with translation.override(language):
        guests = tuple(guest(each) for each in _concerned(event, appointment, booking))
    return Letter(
        topic=Topic(message.topic),
        audience=written.Audience(message.audience),
        language=language,
        business=letterhead(business),
        reader=booking.name if to_customer and booking else "",
        occasion=written.Occasion(
            service=appointment.service.name,
            when=when(appointment, zone),
            where=where(appointment),
            guests=guests,
            staff=staff_names(appointment),
            price=price(appointment, language),
            note=appointment.service.confirmation_note if is_confirmed else "",
            staff_notes="" if to_customer else appointment.staff_notes,
            manage_url=manage_url(booking, now) if to_customer and booking else "",
            desk_url="" if to_customer else _desk_url(business, appointment, booking),
            options=() if to_customer else approval(booking, address=message.address, now=now),
            before=before(event, zone) if message.topic != Topic.CONFIRMED else None,
            by_customer=event.actor.startswith("customer"),
            is_request=news.is_request,
            has_begun=news.has_begun,
            has_left=news.has_left,
            reason=str(event.data.get("reason", "")),
            capacity=appointment.capacity,
            seats_taken=appointment.seats_taken,
            invite=_invite(news, appointment, booking),
        ),
    )


def _concerned(event: Event, appointment: Appointment, booking: Booking | None) -> list[Booking]:
    """Return the booking the news is about, or all that were in the appointment."""
    if booking is not None:
        return [booking]
    bookings = appointment.bookings.order_by("pk").prefetch_related("answers__question")
    return guests_of(event, bookings)


def _desk_url(business: Business, appointment: Appointment, booking: Booking | None) -> str:
    """Return where the house decides about a request, "" where there is nothing to decide."""
    if booking is None or booking.state != BookingState.PENDING.value:
        return ""
    desk = f"{settings.PUBLIC_URL}/desk/{business.slug}"
    return f"{desk}/appointments/{appointment.public_id}/"


def _invite(
    news: _News, appointment: Appointment, booking: Booking | None
) -> written.Invite | None:
    """Return the calendar part: of the booking for its customer, of the appointment for staff.

    A request has none. Calendars show even a tentative invitation as an appointment, and most
    mark it as accepted; what nobody has agreed to is in no calendar, so that nothing has to be
    struck out of one when it is declined. Nor has a customer's letter once the time has come.
    """
    if news.message.audience == Audience.CUSTOMER:
        if booking is None or news.is_request or news.has_begun:
            return None
        return written.Invite(
            uid=str(booking.public_id),
            sequence=booking.sequence,
            method="CANCEL" if booking.state in GONE else "REQUEST",
            zone=appointment.zone,
            attendees=((booking.name, booking.email),),
        )
    if news.is_request and not (booking and was_ever_confirmed(appointment)):
        return None
    gone = appointment.state == AppointmentState.CANCELLED.value
    everybody = appointment.bookings.order_by("pk")
    people = [booking] if gone and booking else guests_of(news.event, everybody)
    return written.Invite(
        uid=str(appointment.public_id),
        sequence=appointment.version,
        method="CANCEL" if gone or news.has_left else "REQUEST",
        zone=appointment.zone,
        attendees=tuple((each.name, each.email) for each in people if _is_invited(each)),
    )


def _is_invited(booking: Booking) -> bool:
    return booking.email != "" and booking.state != BookingState.PENDING.value


def _has_left(message: Message, appointment: Appointment) -> bool:
    """Say whether a staff member who is told of a cancellation no longer serves at all."""
    if message.topic != Topic.CANCELLED or message.audience != Audience.STAFF:
        return False
    serving = Resource.objects.filter(appointments=appointment, email__iexact=message.address)
    return not serving.exists()


def _mine(message: Message, now: datetime) -> Letter | None:
    """Return the letter with the coming bookings of an address, soonest first.

    Its language is that of the latest of them, else the customer's, if it is known.
    """
    bookings = (
        Booking.objects.filter(
            business=message.business,
            email__iexact=message.address,
            appointment__ends_at__gt=now,
        )
        .filter(IN_LINE | Q(state__in=CHANGEABLE))
        .select_related("appointment__service")
        .order_by("appointment__starts_at")
    )
    latest = bookings.order_by("-created_at").first()
    known = Customer.objects.filter(business=message.business, email__iexact=message.address)
    customer = known.filter(erased_at=None).first()
    reader = latest or customer
    return Letter(
        topic=Topic.MINE,
        audience=written.Audience.CUSTOMER,
        language=(reader.language if reader else "") or settings.LANGUAGE_CODE,
        business=letterhead(message.business),
        reader=latest.name if latest else "",
        feed_url=_feed_url(customer, now) if latest and customer else "",
        links=tuple(
            written.Link(
                title=booking.appointment.service.name,
                url=manage_url(booking, now),
                is_awaiting=booking.state == BookingState.PENDING.value,
                is_waiting=booking.is_in_line,
                when=when(booking.appointment, booking.zone or message.business.zone),
            )
            for booking in bookings
        ),
    )


def _feed_url(customer: Customer, now: datetime) -> str:
    """Return the page with the calendar address of a customer.

    This letter alone tells it: whoever reads it has the mailbox.
    """
    return f"{settings.PUBLIC_URL}/feeds/{feed_token(feed_for(customer=customer, now=now))}/"
