"""Every way the domain says no.

A refusal is expected, is shown to people and is never logged as an error. `code` is public
and stable (README lists them all); `text` is one sentence for people, an msgid for gettext
with named placeholders that `params` fills.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar


def _(text: str) -> str:
    """Mark a sentence for the translators' catalogue; faces translate when they show it."""
    return text


class BookingError(Exception):
    """A refusal: `code` for programs, `str(error)` for people."""

    code: ClassVar[str]
    text: ClassVar[str]

    def __init__(self, **params: object) -> None:
        super().__init__()
        self.params = params

    def __str__(self) -> str:
        return self.text % self.params


class SlotTaken(BookingError):
    code = "slot_taken"
    text = _("Someone else has just taken this time.")


class OutsideHours(BookingError):
    code = "outside_hours"
    text = _("This time is outside the opening hours.")


class OffGrid(BookingError):
    code = "off_grid"
    text = _("Appointments do not start at this minute.")


class NoSuchTime(BookingError):
    code = "no_such_time"
    text = _("This time does not exist on that day, because the clocks change.")


class InThePast(BookingError):
    code = "in_the_past"
    text = _("This time has already passed.")


class TooSoon(BookingError):
    code = "too_soon"
    text = _("This time is too soon to be booked.")


class TooFar(BookingError):
    code = "too_far"
    text = _("This time is too far in the future to be booked yet.")


class TooLate(BookingError):
    code = "too_late"
    text = _("It is too late to change this booking online.")


class Away(BookingError):
    code = "time_off"
    text = _("Nobody is available at this time.")


class LimitReached(BookingError):
    code = "limit_reached"
    text = _("No more appointments can be booked for this period.")


class TooManyOpen(BookingError):
    code = "too_many_open"
    text = _("You already have the largest number of open bookings allowed.")


class Full(BookingError):
    code = "full"
    text = _("There are not enough places left at this time.")


class PartyTooLarge(BookingError):
    code = "party_too_large"
    text = _("This service takes at most %(capacity)s people at a time.")


class PlacesLeft(BookingError):
    code = "places_left"
    text = _("There are places left at this time: you can book right away.")


class AlreadyWaiting(BookingError):
    code = "already_waiting"
    text = _("You are on this waiting list already.")


class HoldExpired(BookingError):
    code = "hold_expired"
    text = _("This time was held for you, but the hold has ended.")


class NotBookable(BookingError):
    code = "not_bookable"
    text = _("This service cannot be booked at the moment.")


class StaffNotOffered(BookingError):
    code = "staff_not_offered"
    text = _("This person does not offer this service.")


class WrongState(BookingError):
    code = "wrong_state"
    text = _("This is no longer possible for this booking.")


class NotYet(BookingError):
    code = "not_yet"
    text = _("This is possible once the appointment has started.")


class NotAllowed(BookingError):
    code = "not_allowed"
    text = _("Your role here does not allow this.")


class OnItsWay(BookingError):
    code = "on_its_way"
    text = _("This message has not left yet; it will be sent by itself.")


class NotFound(BookingError):
    code = "not_found"
    text = _("There is nothing here under this name.")


class CursorLost(BookingError):
    code = "cursor_lost"
    text = _(
        "The event to go on from is not known here; perhaps a backup was restored. Begin anew."
    )


class BadUrl(BookingError):
    code = "bad_url"
    text = _("This is not a complete web address, like https://example.org/bookings.")


class NotHttps(BookingError):
    code = "not_https"
    text = _("The address has to begin with https://.")


class PortNotCalled(BookingError):
    code = "port_not_called"
    text = _("Only these ports are called: %(ports)s.")


class NotPublic(BookingError):
    code = "not_public"
    text = _("This address is not on the public internet.")


class HostNotListed(BookingError):
    code = "host_not_listed"
    text = _("This portal may only call the hosts that its operator has listed.")


class TooManySubscriptions(BookingError):
    code = "too_many_subscriptions"
    text = _("A business has at most %(most)s webhooks. Delete one first.")


class SubscriptionDisabled(BookingError):
    code = "subscription_disabled"
    text = _("This webhook is switched off. Switch it on first.")


class StillComing(BookingError):
    code = "still_coming"
    text = _("There are still coming bookings. Please cancel them first.")


class ChangedMeanwhile(BookingError):
    """Somebody was faster; `who` names them for the one who is refused."""

    code = "changed_meanwhile"
    text = _("This has been changed meanwhile by %(who)s.")

    def __init__(self, *, who: object) -> None:
        super().__init__(who=who)


class LastAdmin(BookingError):
    code = "last_admin"
    text = _("A business keeps at least one admin.")


class OwnRole(BookingError):
    code = "own_role"
    text = _("Nobody changes their own role. Ask another admin.")


class WrongAccount(BookingError):
    code = "wrong_account"
    text = _("This invitation is for %(email)s. Sign in with that address.")


class AlreadyAnswered(BookingError):
    code = "already_answered"
    text = _("This invitation has been answered already.")


class ChoiceMade(BookingError):
    code = "choice_made"
    text = _("This has been answered already.")


class ChoiceOver(BookingError):
    code = "choice_over"
    text = _("This question is no longer open.")


class TooOften(BookingError):
    """Somebody did too much of late; may do it again in `seconds`."""

    code = "too_often"
    text = _("This was tried too often. Please try again later.")


class Busy(BookingError):
    code = "busy"
    text = _("The calendar is very busy right now. Please try again in a moment.")


class Invalid(BookingError):
    """Some fields cannot be accepted: `fields` maps each field's name to its sentence."""

    code = "invalid"
    text = _("Some answers need another look.")

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__()
        self.fields = dict(fields)
