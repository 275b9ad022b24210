"""What somebody chose to look at, as the address of a page of the calendar says it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse

from bookings.faces.access import DeskRequest
from bookings.faces.reading import read_day
from bookings.queries.roster import Roster, RosterResource, RosterService

SERVICE, STATE = "service", "state"
COOKIE = "desk_colours"
A_YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class Choices:
    """The day, the person or room, the service, and what colours mean; None: all of them.

    `is_dated` where the address names the day; else it is today's, and follows the clock.
    """

    slug: str
    day: date
    is_dated: bool
    resource: RosterResource | None
    service: RosterService | None
    colours: str

    def page(self, name: str) -> str:
        """Return the address of a page of the calendar, nothing chosen."""
        return reverse(f"desk:{name}", args=[self.slug])

    def url(self, name: str, **changed: Any) -> str:
        """Return the address of a page of the calendar for these choices, some `changed`.

        A `day` of None is today, whenever that is; text is a field of the page's own.
        """
        own = {key: changed.pop(key) for key in list(changed) if isinstance(changed[key], str)}
        if "day" in changed:
            changed["is_dated"] = changed["day"] is not None
            changed["day"] = changed["day"] or self.day
        fields = replace(self, **changed).fields() | own
        return f"{self.page(name)}?{urlencode(fields)}" if fields else self.page(name)

    def fields(self) -> dict[str, str]:
        """Return the choices as the fields of an address; the colours are in their cookie."""
        fields = {
            "day": self.day.isoformat() if self.is_dated else "",
            "resource": str(self.resource.public_id) if self.resource else "",
            "service": str(self.service.public_id) if self.service else "",
        }
        return {name: value for name, value in fields.items() if value}


def read_choices(request: DeskRequest, roster: Roster, *, today: date) -> Choices:
    """Return the choices in a request's address; what makes no sense counts as not chosen."""
    fields = request.GET
    day = read_day(fields.get("day", ""))
    colours = fields.get("colours") or request.COOKIES.get(COOKIE, "")
    return Choices(
        slug=request.colleague.business.slug,
        day=day or today,
        is_dated=day is not None,
        resource=roster.resource(fields.get("resource", "")),
        service=roster.service(fields.get("service", "")),
        colours=STATE if colours == STATE else SERVICE,
    )


def remember_colours(request: DeskRequest, response: HttpResponse) -> HttpResponse:
    """Keep what the colours mean for the next page; return the response."""
    if (chosen := request.GET.get("colours", "")) in (SERVICE, STATE):
        response.set_cookie(COOKIE, chosen, max_age=A_YEAR, samesite="Lax", httponly=True)
    return response
