"""Webhooks: made, changed, given a new secret, switched on and off, deleted, tested."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Final, Protocol
from uuid import UUID

from accounts.roles import Capability
from accounts.scopes import Scope
from bookings import commands
from bookings.commands import Wanted
from bookings.commands.people import locked_business
from bookings.commands.subscriptions import locked_subscription
from bookings.errors import (
    BadUrl,
    BookingError,
    HostNotListed,
    Invalid,
    NotFound,
    NotHttps,
    NotPublic,
    PortNotCalled,
    TooManySubscriptions,
)
from bookings.faces.api.call import Call, one
from bookings.faces.api.changing import Change
from bookings.faces.api.lists import part
from bookings.faces.api.operation import Endpoint, Operation
from bookings.faces.api.shapes import Listed
from bookings.faces.api.shapes.subscriptions import (
    SubscriptionAsked,
    SubscriptionRead,
    SubscriptionReplaced,
    SubscriptionsAsked,
    SubscriptionShown,
    health_of,
    shown_subscription,
)
from bookings.models import Subscription
from bookings.queries.subscriptions import listed, subscriptions_of

NEEDS = Capability.CONTROL_SUBSCRIPTIONS
READ, WRITE = Scope.SUBSCRIPTIONS_READ, Scope.SUBSCRIPTIONS_WRITE
_OF_URL: Final = (BadUrl, NotHttps, PortNotCalled, NotPublic, HostNotListed)


class Subscriptions(Endpoint):
    """The webhooks of a business."""

    @Operation(
        "list_subscriptions",
        "List the webhooks",
        scope=READ,
        needs=NEEDS,
        query=SubscriptionsAsked,
        shows=Listed[SubscriptionShown],
    )
    def get(self, call: Call, query: SubscriptionsAsked) -> Listed[SubscriptionShown]:
        """Return webhooks in the order in which they were made."""
        rows, zone = call.colleague.subscriptions(NEEDS), call.colleague.business.zone
        health = {}
        if "health" in query.expand:
            known = subscriptions_of(call.colleague.business)
            health = {each.subscription: health_of(each, zone) for each in known}

        def shows(row: Subscription) -> SubscriptionShown:
            return shown_subscription(row, zone, health=health.get(row))

        return part(call, query, rows, order=("created_at", "pk"), among=rows, shows=shows)

    @Operation(
        "create_subscription",
        "Subscribe a program to events",
        scope=WRITE,
        needs=NEEDS,
        body=SubscriptionAsked,
        shows=SubscriptionShown,
        status=201,
        refuses=(Invalid, TooManySubscriptions, *_OF_URL),
    )
    def post(self, call: Call, body: SubscriptionAsked) -> Change[Subscription]:
        """Tell a program of what happens from now on; the answer alone has the secret."""
        business = call.colleague.business
        return Change(
            partial(
                commands.subscribe,
                business=business,
                wanted=Wanted(body.url, body.kinds),
                now=call.now,
                actor=call.actor,
            ),
            shows=_with_secret(call),
            at=lambda made: call.address("subscription", subscription=made.public_id),
            instead=_beside_url,
        )


class OneSubscription(Endpoint):
    """One webhook."""

    @Operation(
        "read_subscription",
        "Read a webhook",
        scope=READ,
        needs=NEEDS,
        query=SubscriptionRead,
        shows=SubscriptionShown,
        refuses=(NotFound,),
    )
    def get(self, call: Call, query: SubscriptionRead, subscription: UUID) -> SubscriptionShown:
        """Return a webhook."""
        found, zone = found_subscription(call, subscription), call.colleague.business.zone
        health = health_of(listed(found), zone) if "health" in query.expand else None
        return shown_subscription(found, zone, health=health)

    @Operation(
        "change_subscription",
        "Change where to, and about what",
        scope=WRITE,
        needs=NEEDS,
        body=SubscriptionReplaced,
        shows=SubscriptionShown,
        refuses=(Invalid, NotFound, *_OF_URL),
    )
    def put(
        self, call: Call, body: SubscriptionReplaced, subscription: UUID
    ) -> Change[Subscription]:
        """Tell a program at another URL, or of other events; what waits goes there too."""
        found = found_subscription(call, subscription)
        return Change(
            partial(
                commands.change_subscription,
                subscription=found,
                wanted=Wanted(body.url, body.kinds),
                now=call.now,
                actor=call.actor,
            ),
            shows=_shown(call),
            seen=_seen(call, found),
            instead=_beside_url,
        )

    @Operation(
        "delete_subscription",
        "Delete a webhook",
        scope=WRITE,
        needs=NEEDS,
        status=204,
        refuses=(NotFound,),
    )
    def delete(self, call: Call, subscription: UUID) -> Change[None]:
        """Delete a webhook, and all that was sent to it."""
        found = found_subscription(call, subscription)

        def seen() -> SubscriptionShown:
            locked_business(found.business_id)
            return _seen(call, found)()

        return Change(
            partial(commands.unsubscribe, subscription=found, now=call.now, actor=call.actor),
            shows=lambda _nothing: None,
            seen=seen,
        )


class RotateSecret(Endpoint):
    """The secret of a webhook."""

    @Operation(
        "rotate_subscription_secret",
        "Give a webhook a new secret",
        scope=WRITE,
        needs=NEEDS,
        shows=SubscriptionShown,
        refuses=(NotFound,),
    )
    def post(self, call: Call, subscription: UUID) -> Change[Subscription]:
        """Sign with a new secret, and for a day with the old one too; the answer alone has it."""
        return _decided(call, subscription, commands.rotate_secret, shows=_with_secret(call))


class Enable(Endpoint):
    """A webhook that is on."""

    @Operation(
        "enable_subscription",
        "Switch a webhook on",
        scope=WRITE,
        needs=NEEDS,
        shows=SubscriptionShown,
        refuses=(NotFound,),
    )
    def post(self, call: Call, subscription: UUID) -> Change[Subscription]:
        """Tell a webhook of what happens from now on, as if it had never failed."""
        return _decided(call, subscription, commands.enable_subscription)


class Disable(Endpoint):
    """A webhook that is off."""

    @Operation(
        "disable_subscription",
        "Switch a webhook off",
        scope=WRITE,
        needs=NEEDS,
        shows=SubscriptionShown,
        refuses=(NotFound,),
    )
    def post(self, call: Call, subscription: UUID) -> Change[Subscription]:
        """Tell a webhook nothing any more; what waits for it can be delivered again by hand."""
        return _decided(call, subscription, commands.disable_subscription)


class Command(Protocol):
    """What is decided about a webhook as it is, with nothing to type."""

    def __call__(
        self, *, subscription: Subscription, now: datetime, actor: commands.Actor
    ) -> Subscription: ...


Shows = Callable[[Subscription], SubscriptionShown]


def found_subscription(call: Call, public_id: UUID) -> Subscription:
    """Return a webhook within reach. Cost: one query.

    Raises:
        NotFound: there is none.
    """
    return one(call.colleague.subscriptions(NEEDS), public_id)


def _decided(
    call: Call, public_id: UUID, command: Command, *, shows: Shows | None = None
) -> Change[Subscription]:
    found = found_subscription(call, public_id)
    return Change(
        partial(command, subscription=found, now=call.now, actor=call.actor),
        shows=shows or _shown(call),
        seen=_seen(call, found),
    )


def _shown(call: Call) -> Shows:
    return partial(shown_subscription, zone=call.colleague.business.zone)


def _with_secret(call: Call) -> Shows:
    zone = call.colleague.business.zone
    return lambda row: shown_subscription(row, zone, secret=row.secret)


def _seen(call: Call, found: Subscription) -> Callable[[], SubscriptionShown]:
    return lambda: _shown(call)(locked_subscription(found))


def _beside_url(refusal: BookingError) -> Mapping[str, object]:
    """Return that it is the URL which is refused, where it is."""
    if not isinstance(refusal, _OF_URL):
        return {}
    return {"errors": [{"pointer": "/url", "detail": str(refusal)}]}
