"""Webhooks of a business: subscribing a program to events, and what becomes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings

from bookings import outbox
from bookings.commands.actor import Actor
from bookings.commands.decision import decision
from bookings.commands.people import locked_business
from bookings.engine.urls import Reach, why_not_url
from bookings.errors import Invalid, NotFound, TooManySubscriptions, _
from bookings.models import Business, DisabledBecause, Message, Subscription
from bookings.models.kinds import KINDS
from bookings.models.outbox import WAITING
from bookings.models.subscription import new_secret

MOST: Final = 5
"""How many webhooks a business may have, those that are switched off among them."""

OLD_SECRET_LASTS: Final = timedelta(hours=24)
"""How long a secret signs too after another has taken its place."""

TRIAL: Final = "subscription.test"
"""The kind of event that tries a webhook; nobody asks for it, it goes to that one alone."""

CHOICES: Final = tuple(kind for kind in KINDS if kind != TRIAL)


@dataclass(frozen=True)
class Wanted:
    """A webhook as typed: where to, and about which kinds; None: all, also those to come."""

    url: str
    kinds: Sequence[str] | None = None


@decision
def subscribe(*, business: Business, wanted: Wanted, now: datetime, actor: Actor) -> Subscription:
    """Tell a program of what happens from now on, and return the subscription with its secret.

    Locks: the business, so two at once never make one too many.

    Raises:
        Invalid: no kind, or one that does not exist.
        TooManySubscriptions: the business has five.
        HostNotListed: the settings list other hosts.
        BadUrl, NotHttps, PortNotCalled, NotPublic: the URL is never called.
    """
    url, kinds = _checked(wanted)
    business = locked_business(business.pk)
    if business.subscriptions.count() >= MOST:
        raise TooManySubscriptions(most=MOST)
    made = Subscription.objects.create(
        business=business, url=url, events=kinds, created_by=actor.name, created_at=now
    )
    outbox.note(made, "subscription.created", actor=str(actor), now=now, kinds=kinds)
    return made


@decision
def change_subscription(
    *, subscription: Subscription, wanted: Wanted, now: datetime, actor: Actor
) -> Subscription:
    """Tell a program at another URL, or of other events; what waits goes to the new URL at once.

    A new URL has not failed yet. What is as it was changes nothing.
    Locks: the subscription.

    Raises: as `subscribe`, and
        NotFound: it was deleted meanwhile.
    """
    url, kinds = _checked(wanted)
    found = locked_subscription(subscription)
    if (found.url, found.events) == (url, kinds):
        return found
    if found.url != url:
        outbox.forgive(found)
        Message.objects.filter(WAITING, subscription=found).update(address=url, due_at=now)
    found.url, found.events = url, kinds
    found.save(update_fields=["url", "events", *outbox.FAILING])
    outbox.note(found, "subscription.changed", actor=str(actor), now=now, kinds=kinds)
    return found


@decision
def rotate_secret(*, subscription: Subscription, now: datetime, actor: Actor) -> Subscription:
    """Sign with a new secret, and for a day with the old one too; what was older ends.

    Locks: the subscription.

    Raises:
        NotFound: it was deleted meanwhile.
    """
    found = locked_subscription(subscription)
    found.old_secret, found.old_secret_until = found.secret, now + OLD_SECRET_LASTS
    found.secret = new_secret()
    found.save(update_fields=["secret", "old_secret", "old_secret_until"])
    outbox.note(found, "subscription.rotated", actor=str(actor), now=now)
    return found


@decision
def disable_subscription(
    *, subscription: Subscription, now: datetime, actor: Actor
) -> Subscription:
    """Switch a webhook off: what waits for it is dropped, and can be sent again by hand.

    Locks: the subscription.

    Raises:
        NotFound: it was deleted meanwhile.
    """
    found = locked_subscription(subscription)
    if found.disabled_at is None:
        outbox.disable(found, because=DisabledBecause.BY_HAND, actor=str(actor), now=now)
    return found


@decision
def enable_subscription(*, subscription: Subscription, now: datetime, actor: Actor) -> Subscription:
    """Switch a webhook on again, as if it had never failed; it is told of what happens now.

    Locks: the subscription.

    Raises:
        NotFound: it was deleted meanwhile.
    """
    found = locked_subscription(subscription)
    if found.disabled_at is None:
        return found
    found.disabled_at, found.disabled_because = None, ""
    outbox.forgive(found)
    found.save(update_fields=["disabled_at", "disabled_because", *outbox.FAILING])
    outbox.note(found, "subscription.enabled", actor=str(actor), now=now)
    return found


@decision
def unsubscribe(*, subscription: Subscription, now: datetime, actor: Actor) -> None:
    """Delete a webhook, and all that was sent to it.

    Locks: the business, the subscription and its messages.

    Raises:
        NotFound: it was deleted already.
    """
    business = locked_business(subscription.business_id)
    found = locked_subscription(subscription)
    found.business = business
    outbox.remove(found)
    outbox.note(found, "subscription.deleted", actor=str(actor), now=now)


def locked_subscription(subscription: Subscription) -> Subscription:
    """Return a subscription as it is now, under its lock. Cost: one query.

    Raises:
        NotFound: it was deleted meanwhile.
    """
    rows = Subscription.objects.select_for_update(no_key=True, of=("self",))
    found = rows.select_related("business").filter(pk=subscription.pk).first()
    if found is None:
        raise NotFound()
    return found


def _checked(wanted: Wanted) -> tuple[str, list[str]]:
    """Return the URL and the kinds as they are stored: no kind stands for all."""
    url = wanted.url.strip()
    reach = Reach(hosts=settings.WEBHOOK_HOSTS, loopback=settings.WEBHOOK_LOOPBACK)
    if refusal := why_not_url(url, reach=reach):
        raise refusal
    if wanted.kinds is None:
        return url, []
    if not wanted.kinds or not set(wanted.kinds) <= set(CHOICES):
        raise Invalid({"kinds": _("Choose at least one of the events.")})
    return url, [kind for kind in CHOICES if kind in wanted.kinds]
