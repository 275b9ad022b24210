"""Webhooks, and what they were told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from bookings.faces.api.lists import Among, Parts, Picked
from bookings.faces.api.shapes import Asked, Instant, Shown, instant
from bookings.faces.api.shapes.events import Kind
from bookings.faces.api.shapes.messages import State, TryShown, progress, shown_try
from bookings.models import Attempt, Message, Subscription
from bookings.queries.subscriptions import Listed

Url = Annotated[str, Field(max_length=500, examples=["https://receiver.example/hook"])]


class SubscriptionAsked(Asked):
    """Where to, and about what."""

    url: Url
    kinds: list[Kind] | None = None
    """Null: of every event, also of kinds that are yet to come."""


class SubscriptionReplaced(SubscriptionAsked):
    """Where to, and about what, from now on; both are said, for what is left out would end."""

    kinds: list[Kind] | None
    """Null: of every event, also of kinds that are yet to come."""


class SubscriptionRead(Picked):
    """What is wanted of a webhook."""

    expand: Among[Literal["health"]] = frozenset()
    """Fill these fields, which are null otherwise."""


class SubscriptionsAsked(SubscriptionRead, Parts):
    """Which webhooks are wanted."""


class Health(Shown):
    """How the receiver of a webhook does."""

    last_success_at: Instant | None
    failing_since: Instant | None
    """Of the failures that no success has ended."""
    failures: int
    paused_until: Instant | None
    """It is left alone until then."""


class SubscriptionShown(Shown):
    """A webhook."""

    id: UUID
    url: str
    kinds: Sequence[str] | None
    """Null: it is told of every event."""
    dialect: str
    secret: str | None
    """Signs as Standard Webhooks 1.0 says; told only when it is made."""
    old_secret_until: Instant | None
    """Until then the secret before this one signs too."""
    disabled_at: Instant | None
    """Since when it is told nothing; null where it is on."""
    disabled_because: Literal["by_hand", "gone", "failing"] | None
    created_by: str
    created_at: Instant
    health: Health | None
    """Null unless expanded."""


class DeliveriesAsked(Parts):
    """Which deliveries are wanted."""

    state: State | None = None
    kind: Kind | None = None
    expand: Among[Literal["body", "tries"]] = frozenset()
    """Fill these fields, which are null otherwise."""


class DeliveryTryShown(TryShown):
    """One try to deliver."""

    headers: Mapping[str, str]
    """What the request was signed with."""


class DeliveryShown(Shown):
    """What a webhook was told, or is to be told."""

    id: UUID
    event: UUID | None
    """Its `webhook-id`."""
    kind: str
    url: str
    state: State
    created_at: Instant
    due_at: Instant | None
    """When it is tried next; null where it is settled."""
    sent_at: Instant | None
    failed_at: Instant | None
    """When it was given up."""
    dropped_at: Instant | None
    """When the webhook was switched off before it left."""
    attempts: int
    """How often it was tried."""
    error: str
    """Why the last try failed."""
    body: str | None
    """What is said, byte for byte; empty before the first try; null in lists unless expanded."""
    tries: Sequence[DeliveryTryShown] | None
    """What each try came to, for a month; null in lists unless expanded."""


class RangeAsked(Asked):
    """From when to when."""

    since: Instant
    until: Instant
    """Left out itself."""


class Redelivered(Shown):
    """How many deliveries are on their way again."""

    count: int


def shown_subscription(
    row: Subscription, zone: str, *, secret: str | None = None, health: Health | None = None
) -> SubscriptionShown:
    """Return a webhook as it is said, on the clock of `zone`."""
    return SubscriptionShown.model_validate(
        {
            "id": row.public_id,
            "url": row.url,
            "kinds": row.events or None,
            "dialect": row.dialect,
            "secret": secret,
            "old_secret_until": row.old_secret_until and instant(row.old_secret_until, zone),
            "disabled_at": row.disabled_at and instant(row.disabled_at, zone),
            "disabled_because": row.disabled_because or None,
            "created_by": row.created_by,
            "created_at": instant(row.created_at, zone),
            "health": health,
        }
    )


def health_of(listed: Listed, zone: str) -> Health:
    """Return how a webhook does, on the clock of `zone`."""
    row, last = listed.subscription, listed.last_success
    return Health(
        last_success_at=instant(last, zone) if last else None,
        failing_since=instant(row.failing_since, zone) if row.failing_since else None,
        failures=row.failures,
        paused_until=instant(row.paused_until, zone) if row.paused_until else None,
    )


def shown_delivery(
    message: Message, zone: str, *, body: str | None, tries: Sequence[Attempt] | None
) -> DeliveryShown:
    """Return a delivery as it is said, on the clock of `zone`; reads `event`."""
    return DeliveryShown.model_validate(
        {
            "id": message.public_id,
            "event": message.event and message.event.public_id,
            "kind": message.topic,
            "url": message.address,
            **progress(message, zone),
            "body": body,
            "tries": None if tries is None else [_shown_try(each, zone) for each in tries],
        }
    )


def _shown_try(row: Attempt, zone: str) -> DeliveryTryShown:
    return DeliveryTryShown(**dict(shown_try(row, zone)), headers=row.headers)
