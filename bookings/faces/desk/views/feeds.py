"""Calendar feeds of the house: secret addresses that people make for their own calendars."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.roles import Capability, Reach
from bookings import commands
from bookings.faces.access import DeskRequest, by_name, desk, one
from bookings.faces.desk.deciding import attempted
from bookings.faces.desk.frame import address_of, show
from bookings.faces.subscribing import Subscription, subscription
from bookings.models import Feed, Resource
from bookings.queries.feeds import OpenFeed, feeds_of

HERE = "people"
SEE = Capability.SEE_BOOKINGS
EVERYBODY = "everybody"


@dataclass(frozen=True)
class Mine:
    """A feed of one's own; without a subscription its address cannot be told again."""

    feed: Feed
    subscription: Subscription | None
    is_empty: bool


@desk("GET", "POST", needs=SEE)
def feeds(request: DeskRequest) -> HttpResponse:
    """Show one's feeds, to admins those of others too; a POST makes one."""
    if request.method != "POST":
        return _page(request)
    if not request.POST.get("whose"):
        return _page(request, _("Please choose whose appointments."), status=422)
    return _make(request)


@desk("POST", needs=SEE)
def renew(request: DeskRequest, feed: UUID) -> HttpResponse:
    """Give one's feed another address."""
    found = one(feeds_of(request.colleague).filter(user=request.user), feed)
    return attempted(
        request,
        lambda: commands.renew_feed(feed=found, now=timezone.now(), actor=request.actor),
        _("The feed has a new address; the old one no longer works."),
        to=address_of(request.colleague, "feeds"),
    )


@desk("POST", needs=SEE)
def revoke(request: DeskRequest, feed: UUID) -> HttpResponse:
    """End a feed, one's own or, as an admin, somebody else's."""
    found = one(feeds_of(request.colleague), feed)
    return attempted(
        request,
        lambda: commands.revoke_feed(feed=found, now=timezone.now(), actor=request.actor),
        _("The address no longer works."),
        to=address_of(request.colleague, "feeds"),
    )


def _page(request: DeskRequest, refusal: str = "", status: int = 200) -> HttpResponse:
    colleague = request.colleague
    rows = list(feeds_of(colleague).order_by("created_at", "pk"))
    mine = [feed for feed in rows if feed.user_id == request.user.pk]
    role = str(colleague.role)
    resources = colleague.resources(SEE).order_by("-kind", "name", "pk")
    shown = {
        "mine": [Mine(e, subscription(e), not OpenFeed(e, role).may_be_seen) for e in mine],
        "others": [feed for feed in rows if feed.user_id != request.user.pk],
        "choices": _without(list(resources), mine),
        "everybody": EVERYBODY if _sees_all(request) and not _has(mine, None) else "",
        "chosen": request.GET.get("whose", ""),
        "refusal": refusal,
    }
    return show(request, "desk/feeds.html", shown, here=HERE, status=status)


def _make(request: DeskRequest) -> HttpResponse:
    """Make a feed of what the form names; a role that sees its own alone has none of everybody."""
    whose = request.POST.get("whose", "")
    resource = None
    if whose != EVERYBODY or not _sees_all(request):
        resource = by_name(request.colleague.resources(SEE), whose)
    return attempted(
        request,
        lambda: commands.make_feed(
            business=request.colleague.business,
            user=request.user,
            resource=resource,
            now=timezone.now(),
            actor=request.actor,
        ),
        _("The address is there. Keep it to yourself: whoever has it sees what it shows."),
        to=address_of(request.colleague, "feeds"),
    )


def _sees_all(request: DeskRequest) -> bool:
    return request.colleague.reach(SEE) is Reach.ANY


def _has(feeds: list[Feed], resource: Resource | None) -> bool:
    return any(feed.resource == resource for feed in feeds)


def _without(resources: list[Resource], feeds: list[Feed]) -> list[Resource]:
    return [each for each in resources if not _has(feeds, each)]
