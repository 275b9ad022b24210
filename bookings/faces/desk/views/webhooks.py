"""Webhooks: the list, making and changing one, its secret, its switch, its end."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _

from accounts.roles import Capability
from bookings import commands
from bookings.commands.subscriptions import MOST
from bookings.faces.access import DeskRequest, desk, one
from bookings.faces.desk.deciding import attempted, done, refused
from bookings.faces.desk.frame import address_of, show
from bookings.faces.desk.webhooks import cards
from bookings.faces.desk.webhooks.forms import EndpointForm
from bookings.faces.words import instant
from bookings.models import Subscription
from bookings.queries.subscriptions import subscriptions_of

HERE = "webhooks"
NEEDS = Capability.CONTROL_SUBSCRIPTIONS


@desk("GET", needs=NEEDS)
def webhooks(request: DeskRequest) -> HttpResponse:
    """List the webhooks of the business, and how each of them does."""
    business = request.colleague.business
    listed = [cards.card(each, business.zone) for each in subscriptions_of(business)]
    shown = {"cards": listed, "most": MOST, "may_add": len(listed) < MOST}
    return show(request, "desk/webhooks/list.html", shown, here=HERE)


@desk("GET", "POST", needs=NEEDS)
def new_webhook(request: DeskRequest) -> HttpResponse:
    """Ask where to, and about what; a POST makes the webhook."""
    form = EndpointForm(request.POST if request.method == "POST" else None)
    status, made = 200, None
    if request.method == "POST":

        def subscribe() -> None:
            nonlocal made
            made = commands.subscribe(
                business=request.colleague.business,
                wanted=form.wanted(),
                now=timezone.now(),
                actor=request.actor,
            )

        status = refused(form, subscribe)
    if made is not None:
        return done(
            request, _("The webhook is made. Send it a test event."), to=page_of(request, made)
        )
    return show(request, "desk/webhooks/form.html", {"form": form}, here=HERE, status=status)


@desk("GET", "POST", needs=NEEDS)
def edit_webhook(request: DeskRequest, subscription: UUID) -> HttpResponse:
    """Show where to and about what; a POST changes it."""
    found = found_webhook(request, subscription)
    form = EndpointForm(request.POST if request.method == "POST" else None, of=found)
    status = 200
    if request.method == "POST":
        status = refused(
            form,
            lambda: commands.change_subscription(
                subscription=found,
                wanted=form.wanted(),
                now=timezone.now(),
                actor=request.actor,
            ),
        )
        if not status:
            return done(request, _("Saved."), to=page_of(request, found))
    shown = {"form": form, "subscription": found, "host": cards.host_of(found)}
    return show(request, "desk/webhooks/form.html", shown, here=HERE, status=status)


@desk("POST", needs=NEEDS)
def webhook_secret(request: DeskRequest, subscription: UUID) -> HttpResponse:
    """Show the secret of a webhook, and how to check a signature with it."""
    found = found_webhook(request, subscription)
    until, zone = found.old_secret_until, request.colleague.business.zone
    shown = {
        "subscription": found,
        "host": cards.host_of(found),
        "old_until": instant(until, zone) if until and until > timezone.now() else "",
    }
    response = show(request, "desk/webhooks/secret.html", shown, here=HERE)
    patch_cache_control(response, no_store=True)
    return response


@desk("POST", needs=NEEDS)
def rotate_webhook(request: DeskRequest, subscription: UUID) -> HttpResponse:
    """Give a webhook a new secret."""
    found = found_webhook(request, subscription)
    sentence = _("There is a new secret. For 24 hours the old one signs too.")
    return decided(request, found, commands.rotate_secret, sentence)


@desk("POST", needs=NEEDS)
def disable_webhook(request: DeskRequest, subscription: UUID) -> HttpResponse:
    """Switch a webhook off."""
    found = found_webhook(request, subscription)
    sentence = _("The webhook is switched off. What waited for it is not sent.")
    return decided(request, found, commands.disable_subscription, sentence)


@desk("POST", needs=NEEDS)
def enable_webhook(request: DeskRequest, subscription: UUID) -> HttpResponse:
    """Switch a webhook on."""
    found = found_webhook(request, subscription)
    sentence = _("The webhook is switched on. It hears of what happens from now on.")
    return decided(request, found, commands.enable_subscription, sentence)


@desk("GET", "POST", needs=NEEDS)
def delete_webhook(request: DeskRequest, subscription: UUID) -> HttpResponse:
    """Say what goes with a webhook; a POST deletes it."""
    found = found_webhook(request, subscription)
    if request.method == "POST":
        to = address_of(request.colleague, HERE)
        return decided(request, found, commands.unsubscribe, _("The webhook is deleted."), to=to)
    shown = {"subscription": found, "host": cards.host_of(found)}
    return show(request, "desk/webhooks/delete.html", shown, here=HERE)


def found_webhook(request: DeskRequest, public_id: UUID) -> Subscription:
    """Return a webhook within reach. Cost: one query.

    Raises:
        NotFound: there is none.
    """
    return one(request.colleague.subscriptions(NEEDS), public_id)


class Command(Protocol):
    """What is decided about a webhook as it is, with nothing to type."""

    def __call__(
        self, *, subscription: Subscription, now: datetime, actor: commands.Actor
    ) -> object: ...


def decided(
    request: DeskRequest, found: Subscription, command: Command, sentence: str, *, to: str = ""
) -> HttpResponse:
    """Decide about a webhook; the page that follows, its own if no other, says that, or why not.

    Raises: as `deciding.refusal_of`.
    """
    return attempted(
        request,
        lambda: command(subscription=found, now=timezone.now(), actor=request.actor),
        sentence,
        to=to or page_of(request, found),
    )


def page_of(request: DeskRequest, subscription: Subscription) -> str:
    """Return the address of a webhook's own page."""
    return address_of(request.colleague, "webhook", subscription.public_id)
