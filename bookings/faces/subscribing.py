"""A calendar feed as pages show it: its address, and the ways into a calendar."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from bookings.calendars.links import google_subscription, outlook_subscription, webcal
from bookings.commands import feed_token
from bookings.composing.feeds import name_of
from bookings.models import Feed


@dataclass(frozen=True)
class Subscription:
    """The address of a feed and where it can be handed on to."""

    name: str
    address: str
    webcal: str
    google: str
    outlook: str


def subscription(feed: Feed) -> Subscription | None:
    """Return the ways to subscribe to a feed; None where its address cannot be told again."""
    token = feed_token(feed)
    if not token:
        return None
    name, address = name_of(feed), f"{settings.PUBLIC_URL}{reverse('feeds:feed', args=[token])}"
    return Subscription(
        name=name,
        address=address,
        webcal=webcal(address),
        google=google_subscription(address),
        outlook=outlook_subscription(address, name),
    )
