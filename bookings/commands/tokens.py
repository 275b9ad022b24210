"""Capabilities: whoever holds the token may; the database keeps only its SHA-256."""

from __future__ import annotations

import secrets
import uuid
from base64 import urlsafe_b64encode
from datetime import datetime

from django.utils.crypto import salted_hmac

from bookings.models import Booking, Invitation, ManageLink
from bookings.models.appointment import digest_of

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def new_token() -> str:
    """Return 256 random bits, safe in an address."""
    return secrets.token_urlsafe(32)


def new_reference() -> str:
    """Return a booking reference that is easy to read aloud: 50 random bits."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(10))
    return f"{letters[:5]}-{letters[5:]}"


def manage_token(*, booking: Booking, now: datetime) -> str:
    """Return the token of a booking's manage link.

    Derived from the secret key and the booking's random id, so that every letter can carry
    the same link although only its digest is stored. After a change of the secret key, old
    links keep working and new letters carry a new one. Cost: one insert.
    """
    token = _derived("bookings.manage-link", booking.public_id)
    link = ManageLink(booking=booking, digest=digest_of(token), created_at=now)
    ManageLink.objects.bulk_create([link], ignore_conflicts=True)
    return token


def invitation_token(*, invitation: Invitation) -> str:
    """Return the token of an invitation's link, derived like that of a manage link.

    The row may be new; the caller stores `digest_of` it. After a change of the secret key the
    link of the letter that was sent keeps working.
    """
    return _derived("bookings.invitation", invitation.public_id)


def _derived(purpose: str, public_id: uuid.UUID) -> str:
    mac = salted_hmac(purpose, str(public_id), algorithm="sha256")
    return urlsafe_b64encode(mac.digest()).rstrip(b"=").decode()
