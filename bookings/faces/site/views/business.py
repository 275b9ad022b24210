"""The page of a business, and its colours."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.doors import Door, opens_to
from bookings.faces.replies import takes
from bookings.faces.site import theme as colours
from bookings.faces.site.cards import house, service_card
from bookings.queries import pages


@opens_to(Door.PUBLIC)
@takes("GET")
def home(request: HttpRequest) -> HttpResponse:
    """Lead to the page of the business, where there is just one."""
    return redirect("site:business", pages.only_business().slug)


@opens_to(Door.PUBLIC)
@takes("GET")
def business(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what can be booked."""
    found = pages.published_business(slug)
    services = [service_card(service) for service in pages.public_services(found)]
    return render(request, "site/business.html", {"house": house(found), "services": services})


@opens_to(Door.PUBLIC)
@takes("GET")
def theme(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer with the style sheet of the business's colour; its address changes with it."""
    found = pages.published_business(slug)
    return HttpResponse(
        colours.style_sheet(found.brand),
        content_type="text/css; charset=utf-8",
        headers={"Cache-Control": "public, max-age=31536000, immutable"},
    )
