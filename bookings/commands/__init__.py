"""Decisions: one function per use case, keyword-only, each one transaction of its own."""

from __future__ import annotations

from bookings.commands.absence import take_time_off
from bookings.commands.actor import CUSTOMER, SYSTEM, Actor
from bookings.commands.attending import check_in, clear_no_show, complete, mark_no_show
from bookings.commands.booking import Booked, add_attendee, book
from bookings.commands.cancelling import cancel_appointment, cancel_booking
from bookings.commands.contact import Contact
from bookings.commands.holding import HOLD, Held, forget_expired, hold, release, sweep_expired
from bookings.commands.mine import send_my_bookings
from bookings.commands.moving import reschedule, reschedule_appointment
from bookings.commands.tokens import manage_token
from bookings.commands.zones import Moved, rederive

__all__ = [
    "CUSTOMER",
    "HOLD",
    "SYSTEM",
    "Actor",
    "Booked",
    "Contact",
    "Held",
    "Moved",
    "add_attendee",
    "book",
    "cancel_appointment",
    "cancel_booking",
    "check_in",
    "clear_no_show",
    "complete",
    "forget_expired",
    "hold",
    "manage_token",
    "mark_no_show",
    "rederive",
    "release",
    "reschedule",
    "reschedule_appointment",
    "send_my_bookings",
    "sweep_expired",
    "take_time_off",
]
