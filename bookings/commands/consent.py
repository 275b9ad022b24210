"""Consent to text messages about a booking: only for a number that they can reach."""

from __future__ import annotations

from typing import Final

import phonenumbers
from phonenumbers import PhoneNumberType

from bookings.commands.contact import Contact
from bookings.errors import Invalid, _
from bookings.models import Service
from bookings.queries import texting

REACHABLE: Final = frozenset(
    {
        PhoneNumberType.MOBILE,
        PhoneNumberType.FIXED_LINE_OR_MOBILE,
        PhoneNumberType.PERSONAL_NUMBER,
        PhoneNumberType.VOIP,
        PhoneNumberType.UNKNOWN,
    }
)
"""Kinds of numbers that may take texts; never those at which a call costs extra."""


def number_for_texts(service: Service, contact: Contact) -> str:
    """Return the number (E.164) that texts about a booking go to, "" without consent.

    A number without a country code is one of the business's country.

    Raises:
        Invalid: the customer agrees, but no text can reach the number.
    """
    if not contact.sms_consent or not texting.sends_texts(service):
        return ""
    business = service.business
    if not contact.phone.strip():
        raise Invalid({"phone": _("Please give the number that the text messages shall go to.")})
    try:
        number = phonenumbers.parse(contact.phone, business.country or None)
    except phonenumbers.NumberParseException as wrong:
        raise Invalid({"phone": _why_not(wrong)}) from wrong
    if not phonenumbers.is_valid_number(number):
        raise Invalid({"phone": _("No text message can reach this number.")})
    if phonenumbers.number_type(number) not in REACHABLE:
        raise Invalid({"phone": _("Text messages need the number of a mobile phone.")})
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if not texting.is_allowed(written, business):
        raise Invalid({"phone": _("Text messages cannot be sent to this country.")})
    return written


def _why_not(wrong: phonenumbers.NumberParseException) -> str:
    if wrong.error_type == phonenumbers.NumberParseException.INVALID_COUNTRY_CODE:
        return _("Please begin the number with its country code, as in +49 170 1234567.")
    return _("No text message can reach this number.")
