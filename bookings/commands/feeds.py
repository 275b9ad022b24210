"""Calendar feeds: secret addresses that are made, renewed and revoked."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from bookings import outbox
from bookings.commands.actor import CUSTOMER, Actor
from bookings.commands.customers import locked_customers
from bookings.commands.decision import decision
from bookings.commands.people import locked_business
from bookings.commands.tokens import feed_token
from bookings.errors import NotFound
from bookings.models import Business, Customer, Feed, Resource
from bookings.models.appointment import digest_of


@decision
def make_feed(
    *, business: Business, user: User, resource: Resource | None, now: datetime, actor: Actor
) -> Feed:
    """Return a user's feed of one resource or, for None, of the whole business; made if new.

    What it shows is asked of the user's role at each reading, not here.
    Locks: the business.
    """
    business = locked_business(business.pk)
    live = Feed.objects.filter(business=business, resource=resource, user=user, revoked_at=None)
    for known in live.order_by("pk"):
        if feed_token(known):
            return known
    return _made(Feed(business=business, resource=resource, user=user), now, actor)


@decision
def feed_for(*, customer: Customer, now: datetime) -> Feed:
    """Return the feed of a customer's own bookings; made if there is none.

    Whoever knows its address sees all of them: it is told to the customer's mailbox alone.
    Locks: the customer.

    Raises:
        NotFound: the customer was merged into another or erased.
    """
    (customer,) = locked_customers(customer.pk)
    for known in Feed.objects.filter(customer=customer, revoked_at=None).order_by("pk"):
        if feed_token(known):
            return known
    return _made(Feed(business=customer.business, customer=customer), now, CUSTOMER)


@decision
def renew_feed(*, feed: Feed, now: datetime, actor: Actor) -> Feed:
    """Return a feed of the same under a new address; the old address ends.

    Locks: the feed.

    Raises:
        NotFound: it is revoked already.
    """
    old = _ended(feed, now, actor)
    again = Feed(business=old.business, resource=old.resource, customer=old.customer, user=old.user)
    return _made(again, now, actor)


@decision
def revoke_feed(*, feed: Feed, now: datetime, actor: Actor) -> None:
    """End a feed's address for good.

    Locks: the feed.

    Raises:
        NotFound: it is revoked already.
    """
    _ended(feed, now, actor)


def _made(feed: Feed, now: datetime, actor: Actor) -> Feed:
    feed.created_at = now
    feed.digest = digest_of(feed_token(feed))
    feed.save(force_insert=True)
    _record(feed, "feed.made", now, actor)
    return feed


def _ended(feed: Feed, now: datetime, actor: Actor) -> Feed:
    rows = Feed.objects.select_related("business", "resource", "customer", "user")
    live = rows.select_for_update(no_key=True, of=("self",)).filter(pk=feed.pk, revoked_at=None)
    found = live.first()
    if found is None:
        raise NotFound()
    found.revoked_at = now
    found.save(update_fields=["revoked_at"])
    _record(found, "feed.revoked", now, actor)
    return found


def _record(feed: Feed, kind: str, now: datetime, actor: Actor) -> None:
    """Record what was decided about a feed, and whose calendar it is: no word that opens it."""
    about: dict[str, object] = {"feed": str(feed.public_id)}
    if feed.resource is not None:
        about["resource"] = str(feed.resource.public_id)
    if feed.customer is not None:
        about["customer"] = str(feed.customer.public_id)
    outbox.record_alone(business=feed.business, kind=kind, actor=str(actor), now=now, data=about)
