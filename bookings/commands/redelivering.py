"""Telling a program once more: what it missed, and a test."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from bookings import outbox
from bookings.commands.actor import Actor
from bookings.commands.decision import decision
from bookings.commands.subscriptions import TRIAL, locked_subscription
from bookings.errors import Invalid, NotFound, SubscriptionDisabled, _
from bookings.models import Message, Subscription

MOST_AT_ONCE: Final = 10_000
"""How many deliveries are repeated in one go."""


@decision
def send_test_event(*, subscription: Subscription, now: datetime, actor: Actor) -> Message:
    """Tell one webhook of an event that means nothing, and return the message.

    It leaves, fails and is kept like any other. Locks: the subscription.

    Raises:
        NotFound: it was deleted meanwhile.
        SubscriptionDisabled: it is switched off.
    """
    found = _switched_on(subscription)
    return outbox.tell_one(found, TRIAL, actor=str(actor), now=now)


@decision
def redeliver(*, message: Message, now: datetime, actor: Actor) -> Message:
    """Queue a delivery once more, whatever became of it, and return the new message.

    It has the id of the old one and says the same, so a receiver knows it. Locks: the
    subscription, then the message and those that repeat it.

    Raises:
        NotFound: this is no delivery of a webhook, or it was deleted meanwhile.
        SubscriptionDisabled: the webhook is switched off.
        OnItsWay: it has not left yet, or is being sent once more already.
    """
    if message.subscription is None:
        raise NotFound()
    found = _switched_on(message.subscription)
    again = outbox.resend(message, now=now)
    outbox.note(found, "subscription.redelivered", actor=str(actor), now=now, count=1)
    return again


@decision
def redeliver_between(
    *, subscription: Subscription, since: datetime, until: datetime, now: datetime, actor: Actor
) -> int:
    """Queue what a webhook was told of between two instants once more; return how many.

    In the order in which it happened, `until` left out: what arrived, what was given up, and
    what was dropped while the webhook was switched off. What still waits leaves by itself.
    Locks: the subscription, then the messages. Cost: four statements, two more for each 500.

    Raises:
        NotFound: it was deleted meanwhile.
        SubscriptionDisabled: it is switched off.
        Invalid: the times are the wrong way round, or too far apart for one go.
    """
    if since >= until:
        raise Invalid({"until": _("The end has to be after the beginning.")})
    found = _switched_on(subscription)
    if outbox.told_between(found, since, until).count() > MOST_AT_ONCE:
        raise Invalid({"until": _("These are more than 10,000. Choose a shorter time.")})
    count = outbox.repeat_between(found, since, until, now=now)
    outbox.note(
        found,
        "subscription.redelivered",
        actor=str(actor),
        now=now,
        count=count,
        since=since.isoformat(),
        until=until.isoformat(),
    )
    return count


def _switched_on(subscription: Subscription) -> Subscription:
    found = locked_subscription(subscription)
    if found.disabled_at is not None:
        raise SubscriptionDisabled()
    return found
