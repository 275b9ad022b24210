"""What webhooks were told: each delivery with its tries, a test, telling it once more."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from bookings import commands
from bookings.errors import Invalid, NotFound, OnItsWay, SubscriptionDisabled
from bookings.faces.api.call import Call, one
from bookings.faces.api.changing import Change
from bookings.faces.api.lists import Picked, part
from bookings.faces.api.operation import Endpoint, Operation
from bookings.faces.api.shapes import Listed
from bookings.faces.api.shapes.subscriptions import (
    DeliveriesAsked,
    DeliveryShown,
    RangeAsked,
    Redelivered,
    shown_delivery,
)
from bookings.faces.api.views.subscriptions import NEEDS, READ, WRITE, found_subscription
from bookings.models import Attempt, Message
from bookings.queries.subscriptions import Wish, chosen, tries_of

TRIES = Prefetch("tries", queryset=Attempt.objects.order_by("-pk"))


class Deliveries(Endpoint):
    """What a webhook was told."""

    @Operation(
        "list_deliveries",
        "List what a webhook was told",
        scope=READ,
        needs=NEEDS,
        query=DeliveriesAsked,
        shows=Listed[DeliveryShown],
        refuses=(NotFound,),
    )
    def get(self, call: Call, query: DeliveriesAsked, subscription: UUID) -> Listed[DeliveryShown]:
        """Return deliveries, the latest first."""
        told = _told(call, subscription)
        rows = chosen(told, Wish(query.state or "", query.kind or ""))
        with_body, with_tries = "body" in query.expand, "tries" in query.expand
        rows = rows if with_body else rows.defer("body")
        rows = rows.prefetch_related(TRIES) if with_tries else rows
        zone = call.colleague.business.zone

        def shows(message: Message) -> DeliveryShown:
            tries = list(message.tries.all()) if with_tries else None
            body = message.body if with_body else None
            return shown_delivery(message, zone, body=body, tries=tries)

        return part(call, query, rows, order=("-pk",), among=told, shows=shows)


class OneDelivery(Endpoint):
    """What a webhook was told once."""

    @Operation(
        "read_delivery",
        "Read a delivery",
        scope=READ,
        needs=NEEDS,
        query=Picked,
        shows=DeliveryShown,
        refuses=(NotFound,),
    )
    def get(self, call: Call, query: Picked, subscription: UUID, delivery: UUID) -> DeliveryShown:
        """Return a delivery: what was said, every try, what was answered."""
        return _shown(call, one(_told(call, subscription), delivery))


class SendTest(Endpoint):
    """A test of a webhook."""

    @Operation(
        "test_subscription",
        "Send a webhook a test event",
        scope=WRITE,
        needs=NEEDS,
        shows=DeliveryShown,
        status=201,
        refuses=(NotFound, SubscriptionDisabled),
    )
    def post(self, call: Call, subscription: UUID) -> Change[Message]:
        """Tell one webhook of an event that means nothing; return the delivery."""
        found = found_subscription(call, subscription)
        return Change(
            partial(commands.send_test_event, subscription=found, now=call.now, actor=call.actor),
            shows=partial(_shown, call),
            at=partial(_address, call, subscription),
        )


class Redeliver(Endpoint):
    """A delivery, once more."""

    @Operation(
        "redeliver",
        "Deliver once more",
        scope=WRITE,
        needs=NEEDS,
        shows=DeliveryShown,
        status=201,
        refuses=(NotFound, OnItsWay, SubscriptionDisabled),
    )
    def post(self, call: Call, subscription: UUID, delivery: UUID) -> Change[Message]:
        """Tell a webhook the same once more, under the same `webhook-id`; return the delivery."""
        found = one(_told(call, subscription), delivery)
        return Change(
            partial(commands.redeliver, message=found, now=call.now, actor=call.actor),
            shows=partial(_shown, call),
            at=partial(_address, call, subscription),
        )


class RedeliverRange(Endpoint):
    """Everything between two times, once more."""

    @Operation(
        "redeliver_range",
        "Deliver everything between two times once more",
        scope=WRITE,
        needs=NEEDS,
        body=RangeAsked,
        shows=Redelivered,
        refuses=(Invalid, NotFound, SubscriptionDisabled),
    )
    def post(self, call: Call, body: RangeAsked, subscription: UUID) -> Change[int]:
        """Tell a webhook once more what it was told of between two times, at most 10,000.

        In the order in which it happened: also what was given up, or dropped by switching off.
        """
        found = found_subscription(call, subscription)
        return Change(
            partial(
                commands.redeliver_between,
                subscription=found,
                since=body.since,
                until=body.until,
                now=call.now,
                actor=call.actor,
            ),
            shows=lambda count: Redelivered(count=count),
        )


def _told(call: Call, subscription: UUID) -> QuerySet[Message]:
    found = found_subscription(call, subscription)
    return call.colleague.deliveries(NEEDS).filter(subscription=found)


def _shown(call: Call, message: Message) -> DeliveryShown:
    zone = call.colleague.business.zone
    return shown_delivery(message, zone, body=message.body, tries=tries_of(message))


def _address(call: Call, subscription: UUID, message: Message) -> str:
    return call.address("delivery", subscription=subscription, delivery=message.public_id)
