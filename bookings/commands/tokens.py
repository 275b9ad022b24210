"""Capabilities: whoever holds the token may; the database keeps only its SHA-256."""

from __future__ import annotations

import secrets
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Collection
from datetime import datetime

from django.utils.crypto import salted_hmac

from bookings.models import (
    Booking,
    ChoiceLink,
    ChoicePurpose,
    Feed,
    Invitation,
    ManageLink,
)
from bookings.models.appointment import digest_of
from bookings.models.capability import opt_out_signer

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


def live_manage_token(public_id: uuid.UUID, links: Collection[str]) -> str:
    """Return the token of the manage link of a booking if one of `links`, digests, is its.

    "" where no link of the booking is made of the present secret key.
    """
    token = _derived("bookings.manage-link", public_id)
    return token if digest_of(token) in links else ""


def feed_token(feed: Feed) -> str:
    """Return the token of a feed's address, derived like that of a manage link.

    "" for a feed that was made under another secret key: it keeps working, but its address
    cannot be told again. A new feed has no digest yet; the caller stores that of the token.
    """
    token = _derived("bookings.feed-address", feed.public_id)
    return token if feed.digest in ("", digest_of(token)) else ""


def invitation_token(*, invitation: Invitation) -> str:
    """Return the token of an invitation's link, derived like that of a manage link.

    The row may be new; the caller stores `digest_of` it. After a change of the secret key the
    link of the letter that was sent keeps working.
    """
    return _derived("bookings.invitation", invitation.public_id)


def choice_token(
    *, booking: Booking, purpose: ChoicePurpose, address: str, until: datetime, now: datetime
) -> str:
    """Return the token of the link by which `address` answers a question about a booking.

    Derived like that of a manage link, so that a letter that is sent again has the same link;
    after a change that the customer was told of there is another, and the earlier one goes on.
    Nothing can be answered from `until` on. Cost: one insert.
    """
    asked = f"{booking.public_id}:{booking.sequence}:{address.lower()}"
    token = _derived(f"bookings.choice.{purpose.value}", asked)
    link = ChoiceLink(
        digest=digest_of(token),
        booking=booking,
        purpose=purpose.value,
        address=address,
        created_at=now,
        expires_at=until,
    )
    ChoiceLink.objects.bulk_create([link], ignore_conflicts=True)
    return token


def opt_out_token(*, booking: Booking) -> str:
    """Return the token with which a booking's customer ends and begins reminders.

    Signed, not stored: it says which booking, whose customer may have been merged into another.
    """
    return opt_out_signer().sign(booking.public_id.hex)


def _derived(purpose: str, about: object) -> str:
    mac = salted_hmac(purpose, str(about), algorithm="sha256")
    return urlsafe_b64encode(mac.digest()).rstrip(b"=").decode()
