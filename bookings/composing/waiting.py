"""Letters to those who wait for a place in a group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from django.conf import settings

from bookings.composing.options import options
from bookings.composing.pieces import (
    before,
    guest,
    letterhead,
    manage_url,
    price,
    staff_names,
    when,
    where,
)
from bookings.models import Booking, ChoicePurpose, Event, Message
from bookings.outlets import letter as written
from bookings.outlets.letter import Letter, Topic
from bookings.outlets.waiting import News, Waiting

NEWS: Final[Mapping[str, News]] = {
    "booking.waitlisted": "joined",
    "booking.offered": "offered",
    "booking.rescheduled": "moved",
    "booking.reassigned": "moved",
    "booking.unlisted": "left",
    "booking.offer_declined": "left",
    "booking.offer_expired": "lapsed",
}
"""By kind of event: what happened to somebody's place in the line."""


def waiting_letter(message: Message, *, now: datetime) -> Letter | None:
    """Return a letter about a waiting list, or None when what it says is no longer true.

    That one is in the line is not said to who has been offered a place since, nor that a place
    is kept to who has it, or too late to take it. Cost: at most seven queries.
    """
    event, booking = message.event, message.booking
    if event is None or booking is None:
        return None
    news = NEWS[event.kind]
    if _is_untrue(news, booking, now):
        return None
    appointment = booking.appointment
    language = booking.language or settings.LANGUAGE_CODE
    zone = booking.zone or message.business.zone
    has_ended = news in ("left", "lapsed")
    return Letter(
        topic=Topic(message.topic),
        audience=written.Audience.CUSTOMER,
        language=language,
        business=letterhead(message.business),
        reader=booking.name,
        waiting=_waiting(news, event, booking, zone),
        occasion=written.Occasion(
            service=appointment.service.name,
            when=when(appointment, zone),
            where=replace(where(appointment), join_link=""),
            guests=(guest(booking),),
            staff=staff_names(appointment),
            price=price(appointment, language),
            manage_url="" if has_ended else manage_url(booking, now),
            options=options(booking, ChoicePurpose.OFFER, address=message.address, now=now)
            if booking.is_offered
            else (),
            before=before(event, zone),
            by_customer=event.actor.startswith("customer"),
            is_request=True,
            reason=str(event.data.get("reason", "")),
            capacity=appointment.capacity,
            seats_taken=appointment.seats_taken,
        ),
    )


def _is_untrue(news: News, booking: Booking, now: datetime) -> bool:
    if news in ("left", "lapsed"):
        return False
    if booking.is_offered:
        return news == "joined" or booking.expires_at is None or booking.expires_at <= now
    return news == "offered" or not booking.is_in_line


def _waiting(news: News, event: Event, booking: Booking, zone: str) -> Waiting:
    return Waiting(
        news=news,
        until=booking.expires_at if booking.is_offered else None,
        zone=zone,
        takes_place=event.appointment is not None and event.appointment.state == "scheduled",
        needs_approval=booking.appointment.service.needs_approval,
    )
