"""What a webhook was told: its page, one delivery, telling it once more, a test."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings import commands
from bookings.engine.text import pretty_json
from bookings.faces.access import DeskRequest, desk, one
from bookings.faces.desk.deciding import attempted, done, refused
from bookings.faces.desk.frame import address_of, show
from bookings.faces.desk.views.webhooks import HERE, NEEDS, decided, found_webhook, page_of
from bookings.faces.desk.webhooks import cards
from bookings.faces.desk.webhooks.forms import RangeForm
from bookings.faces.reading import read_turn
from bookings.models import Message, Subscription
from bookings.models.kinds import KINDS
from bookings.models.outbox import BY_STATE
from bookings.queries import subscriptions

PER_PAGE = 25
FRESH = timedelta(minutes=1)


@desk("GET", needs=NEEDS)
def webhook(request: DeskRequest, subscription: UUID) -> HttpResponse:
    """Show a webhook and what it was told; `state` and `kind` choose, `after`, `before` turn."""
    found = found_webhook(request, subscription)
    return _page(request, found, _range_form(request), 200)


@desk("POST", needs=NEEDS)
def redeliver_range(request: DeskRequest, subscription: UUID) -> HttpResponse:
    """Deliver everything between two times again."""
    found = found_webhook(request, subscription)
    form, count = _range_form(request), 0

    def redeliver() -> None:
        nonlocal count
        since, until = form.span()
        count = commands.redeliver_between(
            subscription=found, since=since, until=until, now=timezone.now(), actor=request.actor
        )

    if status := refused(form, redeliver):
        return _page(request, found, form, status)
    sentence = ngettext(
        "%(count)s delivery is on its way again.",
        "%(count)s deliveries are on their way again.",
        count,
    ) % {"count": count}
    if not count:
        sentence = _("Nothing was sent in that time, so there is nothing to deliver again.")
    return done(request, sentence, to=page_of(request, found))


@desk("POST", needs=NEEDS)
def test_webhook(request: DeskRequest, subscription: UUID) -> HttpResponse:
    """Tell a webhook of an event that means nothing."""
    found = found_webhook(request, subscription)
    return decided(request, found, commands.send_test_event, _("The test event is on its way."))


@desk("GET", needs=NEEDS)
def delivery(request: DeskRequest, delivery: UUID) -> HttpResponse:
    """Show what a webhook was told once: the request, every try, what was answered."""
    found = one(request.colleague.deliveries(NEEDS), delivery)
    zone = request.colleague.business.zone
    shown = {
        "message": found,
        "line": cards.delivery_line(found, zone),
        "host": cards.host_of(found.subscription) if found.subscription else "",
        "body": pretty_json(found.body),
        "tries": [cards.try_line(each, zone) for each in subscriptions.tries_of(found)],
    }
    return show(request, "desk/webhooks/delivery.html", shown, here=HERE)


@desk("POST", needs=NEEDS)
def redeliver(request: DeskRequest, delivery: UUID) -> HttpResponse:
    """Tell a webhook the same once more, and show among its deliveries what comes of it."""
    found = one(request.colleague.deliveries(NEEDS), delivery)
    hook = found.subscription
    return attempted(
        request,
        lambda: commands.redeliver(message=found, now=timezone.now(), actor=request.actor),
        _("It is on its way again."),
        to=page_of(request, hook) if hook else address_of(request.colleague, "webhooks"),
    )


def _page(request: DeskRequest, found: Subscription, form: RangeForm, status: int) -> HttpResponse:
    zone = request.colleague.business.zone
    wish = _wish(request)
    page = subscriptions.deliveries(found, wish, read_turn(request.GET, PER_PAGE))
    shown = {
        "card": cards.card(subscriptions.listed(found), zone),
        "kinds": [(kind, cards.what_of(kind)) for kind in found.events],
        "lines": [cards.delivery_line(each, zone) for each in page.rows],
        "page": page,
        "is_fresh": any(_is_fresh(each) for each in page.rows),
        "wish": wish,
        "states": cards.STATES.items(),
        "all_kinds": list(KINDS),
        "form": form,
        "zone": zone,
    }
    return show(request, "desk/webhooks/webhook.html", shown, here=HERE, status=status)


def _is_fresh(message: Message) -> bool:
    """Say whether a delivery is being made at this moment, so that looking again is worth it."""
    is_waiting = message.state == "waiting"
    return is_waiting and abs(timezone.now() - message.due_at) < FRESH


def _wish(request: DeskRequest) -> subscriptions.Wish:
    state, kind = request.GET.get("state", ""), request.GET.get("kind", "")
    return subscriptions.Wish(state if state in BY_STATE else "", kind if kind in KINDS else "")


def _range_form(request: DeskRequest) -> RangeForm:
    data = request.POST if request.method == "POST" else None
    return RangeForm(data, zone=request.colleague.business.zone, now=timezone.now())
