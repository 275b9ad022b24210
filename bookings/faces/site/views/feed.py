"""The page of a customer's calendar feed: how to subscribe, another address, the end."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.doors import Door, opens_to
from bookings import commands
from bookings.commands import CUSTOMER
from bookings.errors import NotFound
from bookings.faces.replies import private, see_other, takes
from bookings.faces.site.cards import house
from bookings.faces.subscribing import subscription
from bookings.queries.feeds import feed_by_token


@opens_to(Door.LINK)
@takes("GET", "POST")
@private
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """Show the address of a customer's feed; a POST asks for another one, or ends it.

    The feeds of the house have their page on the desk.
    """
    found = feed_by_token(token).feed
    if found.customer is None:
        raise NotFound()
    shown = {"house": house(found.business), "is_new": request.GET.get("done") == "renewed"}
    wish = request.POST.get("do", "")
    if wish == "renew":
        again = commands.renew_feed(feed=found, now=timezone.now(), actor=CUSTOMER)
        page = reverse("site:feed", args=[commands.feed_token(again)])
        return see_other(f"{page}?done=renewed")
    if wish == "end":
        commands.revoke_feed(feed=found, now=timezone.now(), actor=CUSTOMER)
        return render(request, "site/feed_ended.html", shown)
    return render(request, "site/feed.html", shown | {"subscription": subscription(found)})
