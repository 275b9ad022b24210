"""In which time zone a visitor reads the times."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, unquote
from zoneinfo import available_timezones

from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from bookings.engine.hours import is_zone
from bookings.models import Business

TOLD, CHOSEN = "zone", "chosen_zone"
A_YEAR = 365 * 24 * 3600
REGIONS = frozenset(
    {"Africa", "America", "Antarctica", "Asia", "Atlantic"}
    | {"Australia", "Europe", "Indian", "Pacific"}
)


@dataclass(frozen=True)
class Zones:
    """The zones of one visit: `told` by the browser, `chosen` by hand, each "" if not known.

    `shown` is the one that the page uses; `is_fixed` where the business insists on its own.
    """

    business: str
    told: str
    chosen: str
    is_fixed: bool

    @property
    def shown(self) -> str:
        return self.business if self.is_fixed else self.chosen or self.told or self.business

    @property
    def other(self) -> str:
        """Return the zone to switch to: the visitor's or the business's; "" if there is none."""
        if self.is_fixed:
            return ""
        return self.business if self.shown != self.business else self.told


def zones_of(request: HttpRequest, business: Business) -> Zones:
    """Return the zones that matter to this visitor of this business."""
    return Zones(
        business=business.zone,
        told=_known(unquote(request.COOKIES.get(TOLD, ""))),
        chosen=_known(request.GET.get("zone", ""))
        or _known(unquote(request.COOKIES.get(CHOSEN, ""))),
        is_fixed=business.shows_business_zone,
    )


def remember_choice(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Keep a zone chosen by hand for the next page; return the response."""
    if chosen := _known(request.GET.get("zone", "")):
        response.set_cookie(CHOSEN, quote(chosen), max_age=A_YEAR, samesite="Lax")
    return response


@lru_cache(maxsize=1)
def zone_options() -> SafeString:
    """Return `<option>`s for every zone named after a place, and UTC."""
    places = (name for name in available_timezones() if name.split("/")[0] in REGIONS)
    return format_html_join(
        "", "<option>{}</option>", ((name,) for name in (*sorted(places), "UTC"))
    )


def _known(name: str) -> str:
    return name if is_zone(name) else ""
