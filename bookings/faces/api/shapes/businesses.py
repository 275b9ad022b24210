"""Businesses."""

from __future__ import annotations

from datetime import time
from typing import Annotated
from uuid import UUID

from django.conf import settings
from pydantic import Field

from accounts.roles import Role
from bookings.faces.api.shapes import Changed, Email, Instant, Line, Shown, Text, Zone, instant
from bookings.faces.api.shapes.hours import Clock
from bookings.faces.api.shapes.policy import PolicyChanged, PolicyShown, shown_policy
from bookings.models import Business
from bookings.models.policy import POLICY_FIELDS


class BusinessShown(Shown):
    """One booking calendar with its page, mailbox, time zone and policy."""

    id: UUID
    slug: str
    """The last part of the address of its page."""
    page: str
    """The address of its booking page."""
    name: str
    about: str
    """Said on the booking page."""
    role: Role
    """What the owner of the token is there."""
    is_published: bool
    """Customers can see the page."""
    time_zone: Zone
    shows_business_zone: bool
    """Times are always shown in this time zone, wherever a customer is."""
    currency: Annotated[str, Field(examples=["EUR"])]
    """ISO 4217."""
    brand: Annotated[str, Field(examples=["#2f5bea"])]
    """The colour of the page."""
    address: str
    phone: str
    website: str | None
    country: Annotated[str | None, Field(examples=["DE"])]
    """Where telephone numbers without a country code belong; ISO 3166-1 alpha-2."""
    mailbox: str
    """Organizer of every appointment; customers' replies go there."""
    sender_name: str
    """Who letters come from, where that is not the name of the business."""
    reply_to: str | None
    """Where answers to letters go, where that is not the mailbox."""
    quiet_from: Clock | None
    """No reminders by text message from then on."""
    quiet_until: Clock | None
    staff_must_accept: bool
    """New staff are bookable once they have agreed."""
    policy: PolicyShown
    created_at: Instant


class BusinessChanged(Changed):
    """What is to be otherwise about a business; null, or an empty text, takes away what was there.

    To publish and unpublish the page needs the role to do so.
    """

    slug: Line = ""
    name: Line = ""
    about: Text = ""
    is_published: bool = False
    time_zone: Zone = ""
    shows_business_zone: bool = False
    currency: Annotated[Line, Field(examples=["EUR"])] = ""
    brand: Annotated[Line, Field(examples=["#2f5bea"])] = ""
    address: Line = ""
    phone: Line = ""
    website: Line | None = None
    country: Annotated[Line | None, Field(examples=["DE"])] = None
    mailbox: Email = ""
    sender_name: Line = ""
    reply_to: Email | None = None
    quiet_from: Clock | None = None
    quiet_until: Clock | None = None
    staff_must_accept: bool = False
    policy: PolicyChanged = PolicyChanged()

    def fields_sent(self) -> dict[str, object]:
        """Return what was sent by the names of the commands."""
        sent = self.sent()
        policy = self.policy.sent() if sent.pop("policy", None) else {}
        for name in sent.keys() & {"quiet_from", "quiet_until"}:
            sent[name] = time.fromisoformat(sent[name]) if sent[name] else None
        return {NAMED.get(name, name): value for name, value in sent.items()} | policy


NAMED = {"time_zone": "zone"}
NAMES = {"zone": "time_zone"} | {name: f"policy.{name}" for name in POLICY_FIELDS}
"""How the API calls a field that the commands call otherwise."""


def shown_business(business: Business, role: Role) -> BusinessShown:
    """Return a business as it is said to somebody with a role in it."""
    quiet_from, quiet_until = business.quiet_from, business.quiet_until
    return BusinessShown(
        id=business.public_id,
        slug=business.slug,
        page=f"{settings.PUBLIC_URL}/b/{business.slug}/",
        name=business.name,
        about=business.about,
        role=role,
        is_published=business.is_published,
        time_zone=business.zone,
        shows_business_zone=business.shows_business_zone,
        currency=business.currency,
        brand=business.brand,
        address=business.address,
        phone=business.phone,
        website=business.website or None,
        country=business.country or None,
        mailbox=business.mailbox,
        sender_name=business.sender_name,
        reply_to=business.reply_to or None,
        quiet_from=f"{quiet_from:%H:%M}" if quiet_from else None,
        quiet_until=f"{quiet_until:%H:%M}" if quiet_until else None,
        staff_must_accept=business.staff_must_accept,
        policy=shown_policy(business),
        created_at=instant(business.created_at, business.zone),
    )
