"""The page behind the buttons of a letter: it asks once more, and a POST answers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from accounts.doors import Door, opens_to
from bookings import commands
from bookings.commands.licence import REASON_LIMIT
from bookings.errors import BookingError
from bookings.faces.reading import read_version
from bookings.faces.replies import private, see_other, status_of, takes
from bookings.faces.site.cards import house
from bookings.faces.site.question import question
from bookings.faces.site.zones import zones_of
from bookings.faces.visit import told, visit
from bookings.faces.words import said_in_full
from bookings.models import ChoiceLink, ChoicePurpose
from bookings.queries import pages


@opens_to(Door.LINK)
@takes("GET", "POST")
@private
def choice(request: HttpRequest, token: str) -> HttpResponse:
    """Show what is asked, the answer of the button chosen; a POST gives it.

    Whoever opens all links of a letter, as scanners of mail do, changes nothing.
    """
    link = pages.choice_by_token(token, now=timezone.now())
    if request.method != "POST":
        return _page(request, link, token, chosen=request.GET.get("choose", ""))
    chosen = request.POST.get("choose", "")
    try:
        commands.choose(
            link=link,
            choice=chosen,
            reason=request.POST.get("reason", ""),
            sequence=read_version(request.POST.get("sequence", "")),
            now=timezone.now(),
        )
    except BookingError as refusal:
        link = pages.choice_by_token(token, now=timezone.now())
        said, status = said_in_full(refusal), status_of(refusal)
        return _page(request, link, token, chosen=chosen, refusal=said, status=status)
    return see_other(reverse("site:choice", args=[token]))


def _page(
    request: HttpRequest,
    link: ChoiceLink,
    token: str,
    *,
    chosen: str,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    booking = link.booking
    business = booking.appointment.service.business
    is_houses = link.purpose == ChoicePurpose.APPROVAL
    zone = business.zone if is_houses else zones_of(request, business).shown
    asked = question(link, token=token, chosen=chosen, zone=zone, now=timezone.now())
    shown = {
        "house": house(business),
        "question": asked,
        "visit": visit(booking, zone=zone, for_staff=is_houses),
        "told": told(booking, pages.answers_of(booking)) if is_houses else [],
        "refusal": refusal if asked.status is None else "",
        "typed": request.POST.get("reason", ""),
        "reason_limit": REASON_LIMIT,
    }
    return render(request, "site/choice.html", shown, status=status)
