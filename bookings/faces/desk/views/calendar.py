"""The calendar of the desk: day, week, month and list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import get_language

from accounts.roles import Capability
from bookings.engine.hours import minute_of, wall_of
from bookings.faces.access import DeskRequest, desk, is_script
from bookings.faces.desk.calendar.board import Desk
from bookings.faces.desk.calendar.choices import read_choices, remember_colours
from bookings.faces.desk.calendar.day import day_page
from bookings.faces.desk.calendar.listing import list_page
from bookings.faces.desk.calendar.month import month_page
from bookings.faces.desk.calendar.week import week_page
from bookings.faces.desk.frame import show
from bookings.queries.roster import Stamp, roster_of, stamp_of


@desk("GET", needs=Capability.SEE_BOOKINGS)
def day(request: DeskRequest) -> HttpResponse:
    """Show a day with a column for everybody."""
    return _answer(request, "day", day_page)


@desk("GET", needs=Capability.SEE_BOOKINGS)
def week(request: DeskRequest) -> HttpResponse:
    """Show a week: the days of one person or room, or everybody's in short."""
    return _answer(request, "week", week_page)


@desk("GET", needs=Capability.SEE_BOOKINGS)
def month(request: DeskRequest) -> HttpResponse:
    """Show how full the days of a month are."""
    return _answer(request, "month", month_page)


@desk("GET", needs=Capability.SEE_BOOKINGS)
def listing(request: DeskRequest) -> HttpResponse:
    """Show bookings one under the other, to look through and to print."""
    return _answer(request, "list", list_page)


def _answer(
    request: DeskRequest, name: str, page: Callable[[Desk], dict[str, Any]]
) -> HttpResponse:
    """Show a page of the calendar; a script that follows it gets the agenda alone.

    Where nothing has changed since it looked, it is told so after one query.
    """
    now, business = timezone.now(), request.colleague.business
    stamp = stamp_of(business.pk, now=now)
    roster = roster_of(business, stamp)
    today = wall_of(minute_of(now), business.zone).day
    choices = read_choices(request, roster, today=today)
    here = Desk(request.colleague, roster, choices, request.GET.dict(), now)
    if not is_script(request):
        shown = {"stamp": _tag(here, stamp), **page(here)}
        ways = {each: choices.url(each) for each in ("day", "week", "month", "list")}
        answer = show(request, f"desk/{name}.html", shown, here=name, ways=ways)
        return remember_colours(request, answer)
    tag = _tag(here, stamp)
    unchanged = get_conditional_response(request, etag=quote_etag(tag))
    if unchanged is not None:
        return HttpResponse(status=unchanged.status_code, headers={"ETag": quote_etag(tag)})
    response = render(request, f"desk/_{name}.html", {"stamp": tag, **page(here)})
    response["ETag"] = quote_etag(tag)
    return response


def _tag(here: Desk, stamp: Stamp) -> str:
    """Return what an agenda follows from, beside its address."""
    colleague = here.colleague
    parts = (stamp, here.choices.day, here.choices.colours, colleague.user.pk, colleague.role)
    return " ".join(map(str, (*parts, get_language())))
