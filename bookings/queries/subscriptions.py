"""The webhooks of a business, and what each of them was told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery

from bookings.models import Attempt, Business, Message, Subscription
from bookings.models.outbox import BY_STATE


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


@dataclass(frozen=True)
class Page:
    """A part of the deliveries, the newest first; the ids lead to the parts beside it."""

    rows: Sequence[Message] = field(default_factory=list)
    before: UUID | None = None
    after: UUID | None = None


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


def deliveries(
    subscription: Subscription,
    wish: Wish,
    size: int,
    *,
    after: UUID | None = None,
    before: UUID | None = None,
) -> Page:
    """Return what a webhook was told, the newest first, `size` of them, their tries loaded.

    `after` and `before` are deliveries on whose far side the page lies; where that one is gone,
    the page is the first.
    Cost: two queries; one more where the page is not the first.
    """
    rows = _wanted(subscription, wish)
    edge = _edge(subscription, before or after)
    if edge is None:
        first = list(rows.order_by("-pk")[: size + 1])
        return _page(first[:size], more_after=len(first) > size)
    if before is None:
        older = list(rows.filter(pk__lt=edge).order_by("-pk")[: size + 1])
        return _page(older[:size], more_before=True, more_after=len(older) > size)
    newer = list(rows.filter(pk__gt=edge).order_by("pk")[: size + 1])
    return _page(newer[:size][::-1], more_before=len(newer) > size, more_after=True)


def tries_of(message: Message) -> list[Attempt]:
    """Return the tries of a message that are still known, the latest first. Cost: one query."""
    return list(message.tries.order_by("-pk"))


def _wanted(subscription: Subscription, wish: Wish) -> QuerySet[Message]:
    rows = Message.objects.filter(subscription=subscription).select_related("event").defer("body")
    if wish.state in BY_STATE:
        rows = rows.filter(BY_STATE[wish.state])
    if wish.kind:
        rows = rows.filter(topic=wish.kind)
    tries = Attempt.objects.order_by("pk").defer("answer", "headers")
    return rows.prefetch_related(Prefetch("tries", queryset=tries))


def _edge(subscription: Subscription, public_id: UUID | None) -> int | None:
    if public_id is None:
        return None
    known = Message.objects.filter(subscription=subscription, public_id=public_id)
    return known.values_list("pk", flat=True).first()


def _page(rows: Sequence[Message], *, more_before: bool = False, more_after: bool = False) -> Page:
    return Page(
        rows,
        before=rows[0].public_id if more_before and rows else None,
        after=rows[-1].public_id if more_after and rows else None,
    )
