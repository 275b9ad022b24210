"""The time that a visitor holds already: a cookie knows its token."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from bookings import commands
from bookings.errors import NotFound
from bookings.faces import words
from bookings.faces.site.choosing import Choosing
from bookings.faces.site.holding import details_url
from bookings.models import Booking, Business, Service
from bookings.queries import pages
from bookings.queries.standing import is_held

COOKIE = "held"


@dataclass(frozen=True)
class Reminder:
    """A line that leads back to the time held."""

    text: str
    url: str


def token(request: HttpRequest) -> str:
    """Return the token of the visitor's hold, "" without one."""
    return request.COOKIES.get(COOKIE, "")


def held(request: HttpRequest, service: Service, *, now: datetime) -> Booking | None:
    """Return the booking that the visitor holds of this service, while it is held."""
    if not token(request):
        return None
    try:
        booking = pages.held(token(request))
    except NotFound:
        return None
    is_ours = booking.appointment.service_id == service.pk
    return booking if is_ours and is_held(booking, now=now) else None


def reminder(request: HttpRequest, choosing: Choosing) -> Reminder | None:
    """Return the way back to the time held, if there is one."""
    booking = choosing.moving
    if booking is None or booking.expires_at is None:
        return None
    local = booking.appointment.starts_at.astimezone(ZoneInfo(choosing.wish.zone))
    said = {"day": words.day(local.date()), "time": words.clock(local)}
    address = details_url(choosing, token(request))
    return Reminder(_("You are holding %(day)s, %(time)s.") % said, address)


def remember(
    request: HttpRequest, response: HttpResponse, token: str, business: Business
) -> HttpResponse:
    """Keep the token of a hold for as long as it lasts; return the response."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=commands.HOLD,
        path=reverse("site:business", args=[business.slug]),
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response


def forget(response: HttpResponse, business: Business) -> HttpResponse:
    """Drop the token; return the response."""
    response.delete_cookie(COOKIE, path=reverse("site:business", args=[business.slug]))
    return response
