"""What every booking that a program makes has: who comes, which rules give way, how it is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from accounts.roles import Capability
from accounts.scopes import Scope
from bookings.commands import Booked, Contact
from bookings.engine.policy import CHANGEABLE, Override
from bookings.errors import Invalid, NotAllowed, NotBookable, PartyTooLarge, StaffNotOffered
from bookings.faces.api.call import Call, one
from bookings.faces.api.shapes.bookings import BookingShown, shown_booking
from bookings.faces.api.shapes.orders import ContactAsked
from bookings.models import Booking, Business, Customer, Resource
from bookings.queries.gathering import booking_now

OF_AN_ORDER: Final = (Invalid, NotBookable, PartyTooLarge, StaffNotOffered)
"""Refusals that another time would meet as well."""
NAMES: Mapping[str, str] = {
    "name": "contact.name",
    "email": "contact.email",
    "phone": "contact.phone",
    "notes": "contact.notes",
    "zone": "contact.time_zone",
    "because": "because",
    "staff_notes": "staff_notes",
}
"""What the body calls the fields of a booking; all else that is wrong is an answer."""


def named(field: str) -> str:
    """Return what the body calls a field that a booking is refused for."""
    return NAMES.get(field, f"answers.{field}")


def who_comes(
    call: Call, contact: ContactAsked | None, customer: UUID | None, business: Business
) -> dict[str, Any]:
    """Return the arguments of a booking that say who comes.

    What is not said is taken from the customer on record, their time zone else from the business.

    Raises:
        NotFound: the customer is out of reach.
        Invalid: neither is said.
    """
    if contact is None and customer is None:
        raise Invalid({"contact": "Please say who comes."})
    known: Customer | None = None
    if customer is not None:
        customers = call.colleague.customers(Capability.SEE_CUSTOMERS)
        known = one(customers, customer, named="customer")
    return {"customer": known, "contact": _contact(contact, known, business)}


def _contact(said: ContactAsked | None, known: Customer | None, business: Business) -> Contact:
    zone = (known.zone if known else "") or business.zone
    language = (known.language if known else "") or settings.LANGUAGE_CODE
    if said is None:
        assert known is not None, "somebody comes"
        name, email, phone = known.name, known.email, known.phone
        return Contact(name=name, email=email, phone=phone, zone=zone, language=language)
    return Contact(
        name=said.name,
        email=said.email,
        phone=said.phone,
        notes=said.notes,
        zone=said.time_zone or zone,
        language=said.language or language,
        sms_consent=said.sms_consent,
    )


def person(call: Call, named: UUID) -> Resource:
    """Return the person or room of the business that the body names as `staff`.

    Raises:
        NotFound: there is none.
    """
    people = Resource.objects.filter(business=call.colleague.business)
    return one(people, named, named="staff")


def wished(call: Call, named: UUID | None) -> Resource | None:
    """Return the person that the body wishes for, None for anyone; as `person`."""
    return None if named is None else person(call, named)


def set_aside(call: Call, rules: Sequence[str]) -> frozenset[Override]:
    """Return the rules that a call sets aside.

    Raises:
        NotAllowed: by the role of the caller.
    """
    if rules and not call.colleague.may(Capability.BREAK_RULES):
        raise NotAllowed()
    return frozenset(Override(rule) for rule in rules)


def made(call: Call, booked: Booked) -> BookingShown:
    """Return a booking that was just made, with the link for its customer. Cost: one query."""
    booking = booking_now(booked.booking.pk)
    url = manage_url(booked.token) if may_give_away(call, booking) else None
    return shown_booking(booking, manage_url=url)


def address_of(call: Call, booking: Booking) -> str:
    """Return where a booking is read."""
    ids = [call.colleague.business.public_id, booking.public_id]
    return f"{settings.PUBLIC_URL}{reverse('api:booking', args=ids)}"


def may_give_away(call: Call, booking: Booking) -> bool:
    """Say whether a caller may have the link by which a customer manages a booking.

    Who has it may move and cancel the booking, so it is not for those who only read.
    """
    may = Scope.BOOKINGS_WRITE in call.caller.scopes and call.colleague.may(Capability.MOVE)
    return may and (booking.state in CHANGEABLE or booking.is_in_line)


def manage_url(token: str) -> str:
    """Return the address that a manage token leads to."""
    return f"{settings.PUBLIC_URL}{reverse('site:booking', args=[token])}"
