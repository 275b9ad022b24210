"""The webhooks of a business, and what each of them was told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery

from bookings.models import Attempt, Business, Message, Subscription
from bookings.models.outbox import BY_STATE
from bookings.queries.turning import Page, Turn, turned


@dataclass(frozen=True)
class Listed:
    """A webhook, and when it last took something."""

    subscription: Subscription
    last_success: datetime | None


@dataclass(frozen=True)
class Wish:
    """Which deliveries are asked for: in one state, of one kind; empty for any."""

    state: str = ""
    kind: str = ""


def subscriptions_of(business: Business) -> list[Listed]:
    """Return the webhooks of a business in the order in which they were made. Cost: one query."""
    last = Subquery(_last_success(OuterRef("pk")))
    rows = Subscription.objects.filter(business=business).annotate(last_success=last)
    return [Listed(row, row.last_success) for row in rows.order_by("created_at", "pk")]


def listed(subscription: Subscription) -> Listed:
    """Return a webhook with when it last took something. Cost: one query."""
    return Listed(subscription, _last_success(subscription.pk).first())


def _last_success(subscription: int | OuterRef) -> QuerySet[Message, datetime | None]:
    took = Message.objects.filter(subscription=subscription, sent_at__isnull=False)
    return took.order_by("-pk").values_list("sent_at", flat=True)[:1]


def deliveries(subscription: Subscription, wish: Wish, turn: Turn) -> Page[Message]:
    """Return a part of what a webhook was told, the newest first, their tries loaded.

    Cost: two queries; one more where the part is not the first.
    """
    told = Message.objects.filter(subscription=subscription)
    return turned(_wanted(told, wish), turn, order=("-pk",), among=told)


def tries_of(message: Message) -> list[Attempt]:
    """Return the tries of a message that are still known, the latest first. Cost: one query."""
    return list(message.tries.order_by("-pk"))


def chosen(told: QuerySet[Message], wish: Wish) -> QuerySet[Message]:
    """Return the deliveries that are asked for."""
    if wish.state in BY_STATE:
        told = told.filter(BY_STATE[wish.state])
    return told.filter(topic=wish.kind) if wish.kind else told


def _wanted(told: QuerySet[Message], wish: Wish) -> QuerySet[Message]:
    rows = chosen(told.select_related("event").defer("body"), wish)
    tries = Attempt.objects.order_by("pk").defer("answer", "headers")
    return rows.prefetch_related(Prefetch("tries", queryset=tries))
