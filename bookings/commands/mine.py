"""“My bookings”: a letter with the links, to the address that asks for it."""

from __future__ import annotations

from datetime import datetime

from bookings import outbox
from bookings.commands.contact import why_not_email
from bookings.commands.decision import decision
from bookings.engine.text import clean_line
from bookings.errors import Invalid
from bookings.models import Booking, Business

MINUTES_BETWEEN = 5


@decision
def send_my_bookings(*, business: Business, email: str, now: datetime) -> None:
    """Queue a letter with the manage links of an address's bookings.

    The caller learns nothing about the address: one that is not known gets no letter, and
    one that asks again within five minutes gets no second.

    Raises:
        Invalid: this is not an e-mail address.
    """
    address = clean_line(email)
    if sentence := why_not_email(address):
        raise Invalid({"email": sentence})
    known = Booking.objects.filter(business=business, email__iexact=address).exclude(
        state__in=["held", "expired"]
    )
    latest = known.order_by("-created_at").first()
    if latest is None:
        return
    slot = int(now.timestamp()) // (60 * MINUTES_BETWEEN)
    outbox.put_alone(
        business=business,
        key=f"mine:{business.public_id}:{address.lower()}:{slot}",
        topic="mine",
        address=latest.email,
        now=now,
    )
