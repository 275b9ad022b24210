"""Letters and texts: what became of them, and sending one again."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from accounts.roles import Capability
from accounts.scopes import Scope
from bookings import commands
from bookings.errors import NotFound, OnItsWay
from bookings.faces.api.call import Call, one
from bookings.faces.api.changing import Change
from bookings.faces.api.lists import Picked, part
from bookings.faces.api.operation import Endpoint, Operation
from bookings.faces.api.shapes import Listed
from bookings.faces.api.shapes.messages import LOADED, MessagesAsked, MessageShown, shown_message
from bookings.models import Attempt, Message
from bookings.models.outbox import BY_STATE
from bookings.queries.messages import messages_of
from bookings.queries.subscriptions import tries_of

SEE = Capability.SEE_BOOKINGS
TRIES = Prefetch("tries", queryset=Attempt.objects.order_by("-pk"))


class Messages(Endpoint):
    """The letters and texts of a business."""

    @Operation(
        "list_messages",
        "List the letters and texts",
        scope=Scope.MESSAGES_READ,
        needs=SEE,
        query=MessagesAsked,
        shows=Listed[MessageShown],
    )
    def get(self, call: Call, query: MessagesAsked) -> Listed[MessageShown]:
        """Return letters and texts about appointments within reach, the latest first.

        Those about no appointment are for who may edit the settings; what webhooks are told is
        listed with each subscription.
        """
        within = messages_of(call.colleague, SEE)
        rows = _chosen(within, query).select_related(*LOADED).defer("body")
        if "tries" in query.expand:
            rows = rows.prefetch_related(TRIES)
        zone = call.colleague.business.zone

        def shows(message: Message) -> MessageShown:
            tries = list(message.tries.all()) if "tries" in query.expand else None
            return shown_message(message, zone, tries=tries)

        order = ("-pk",) if query.order == "-created_at" else ("pk",)
        return part(call, query, rows, order=order, among=within, shows=shows)


class OneMessage(Endpoint):
    """One letter or text."""

    @Operation(
        "read_message",
        "Read what became of a letter or text",
        scope=Scope.MESSAGES_READ,
        needs=SEE,
        query=Picked,
        shows=MessageShown,
        refuses=(NotFound,),
    )
    def get(self, call: Call, query: Picked, message: UUID) -> MessageShown:
        """Return a letter or text with its tries."""
        return _shown(call, one(_loaded(messages_of(call.colleague, SEE)), message))


class Resend(Endpoint):
    """A letter or text, once more."""

    @Operation(
        "resend_message",
        "Send a letter or text again",
        scope=Scope.MESSAGES_WRITE,
        needs=Capability.MOVE,
        shows=MessageShown,
        status=201,
        refuses=(NotFound, OnItsWay),
    )
    def post(self, call: Call, message: UUID) -> Change[Message]:
        """Queue a letter or text once more, to the same address, and return the new one.

        What it says is read again when it leaves.
        """
        found = one(_loaded(messages_of(call.colleague, Capability.MOVE)), message)
        return Change(
            partial(commands.resend, message=found, now=call.now, actor=call.actor),
            shows=lambda again: _shown(call, _loaded(Message.objects.all()).get(pk=again.pk)),
            at=lambda again: call.address("message", message=again.public_id),
        )


def _chosen(rows: QuerySet[Message], query: MessagesAsked) -> QuerySet[Message]:
    wanted = {
        "outlet": query.outlet,
        "audience": query.audience,
        "topic": query.topic,
        "appointment__public_id": query.appointment,
        "booking__public_id": query.booking,
    }
    rows = rows.filter(**{name: value for name, value in wanted.items() if value is not None})
    return rows.filter(BY_STATE[query.state]) if query.state else rows


def _loaded(rows: QuerySet[Message]) -> QuerySet[Message]:
    return rows.select_related(*LOADED, "business")


def _shown(call: Call, message: Message) -> MessageShown:
    return shown_message(message, call.colleague.business.zone, tries=tries_of(message))
