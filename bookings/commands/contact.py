"""Who comes, as typed: cleaned and checked before anything is written."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, replace
from typing import Any

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection

from bookings.engine.hours import is_zone
from bookings.engine.text import clean_line, clean_text
from bookings.errors import Invalid, _
from bookings.models import Booking, Business

PHONE = re.compile(r"[+(]?[0-9][0-9 ()./-]{1,38}")

KNOWN_OR_MADE = """
    WITH known AS (
        SELECT id FROM bookings_customer
        WHERE business_id = %(business)s AND email <> '' AND lower(email) = lower(%(email)s)
        FOR KEY SHARE
    ), made AS (
        INSERT INTO bookings_customer (
            public_id, business_id, name, email, phone, zone, language, notes, created_at)
        SELECT %(public_id)s, %(business)s, %(name)s, %(email)s, %(phone)s, %(zone)s,
            %(language)s, '', now()
        WHERE NOT EXISTS (SELECT FROM known)
        ON CONFLICT DO NOTHING RETURNING id
    )
    SELECT id FROM known UNION ALL SELECT id FROM made
"""

NAME_LIMIT = 200
NOTES_LIMIT = 4000
CONSENT_LIMIT = 500


@dataclass(frozen=True)
class Contact:
    """A customer's own words about themselves. Staff may leave the e-mail empty.

    `sms_consent` is what they agreed to about text messages, word by word; "" where they did not.
    """

    name: str
    email: str = ""
    phone: str = ""
    notes: str = ""
    zone: str = ""
    language: str = "en"
    sms_consent: str = ""


def checked(contact: Contact, *, needs_email: bool) -> Contact:
    """Return the contact cleaned.

    Raises:
        Invalid: with a sentence for each field that cannot be accepted.
    """
    clean = replace(
        contact,
        name=clean_line(contact.name),
        email=clean_line(contact.email),
        phone=clean_line(contact.phone),
        notes=clean_text(contact.notes),
        zone=contact.zone.strip(),
        language=contact.language.strip()[:16],
        sms_consent=clean_line(contact.sms_consent)[:CONSENT_LIMIT],
    )
    wrong: dict[str, str] = {}
    if not clean.name:
        wrong["name"] = _("Please give a name.")
    elif len(clean.name) > NAME_LIMIT:
        wrong["name"] = _("This name is too long: 200 characters at most.")
    if (clean.email or needs_email) and (sentence := why_not_email(clean.email)):
        wrong["email"] = sentence
    if clean.phone and (sentence := why_not_phone(clean.phone)):
        wrong["phone"] = sentence
    if len(clean.notes) > NOTES_LIMIT:
        wrong["notes"] = _("These notes are too long: 4000 characters at most.")
    if clean.zone and not is_zone(clean.zone):
        wrong["zone"] = _("This time zone is not known.")
    if wrong:
        raise Invalid(wrong)
    return clean


def why_not_email(address: str) -> str | None:
    """Return the sentence that refuses an e-mail address, or None."""
    if not address:
        return _("Please give your e-mail address.")
    try:
        validate_email(address)
    except ValidationError:
        return _("This does not look like an e-mail address.")
    return None if len(address) <= 254 else _("This e-mail address is too long.")


def why_not_phone(number: str) -> str | None:
    """Return the sentence that refuses a phone number, or None.

    A number with a country code must be possible in its country; without one it must have a
    believable number of digits, for its country is not known.
    """
    sentence = _("This does not look like a phone number.")
    if not PHONE.fullmatch(number):
        return sentence
    if not number.startswith("+"):
        return None if 3 <= sum(map(str.isdigit, number)) <= 15 else sentence
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return sentence
    return None if phonenumbers.is_possible_number(parsed) else sentence


def customer_for(business: Business, contact: Contact) -> int:
    """Return the pk of the business's customer with this e-mail address, made if need be.

    What is on record is never overwritten by what a visitor types. Without an e-mail address
    every contact is a new customer.
    Cost: one statement; two where somebody else stores the same address at this moment.
    Locks: the customer's row, shared with other bookings, until the end of the transaction: who
    merges or erases the customer meanwhile waits, and then sees this booking too.
    """
    values: dict[str, Any] = {
        "public_id": uuid.uuid4(),
        "business": business.pk,
        "name": contact.name,
        "email": contact.email,
        "phone": contact.phone,
        "zone": contact.zone,
        "language": contact.language,
    }
    with connection.cursor() as cursor:
        while True:
            cursor.execute(KNOWN_OR_MADE, values)
            if row := cursor.fetchone():
                return int(row[0])


def write_down(booking: Booking, contact: Contact, customer_id: int) -> None:
    """Set a booking's contact fields; the caller saves."""
    booking.customer_id = customer_id
    booking.name = contact.name
    booking.email = contact.email
    booking.phone = contact.phone
    booking.notes = contact.notes
    booking.zone = contact.zone
    booking.language = contact.language
