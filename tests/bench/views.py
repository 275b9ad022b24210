"""What is measured over HTTP: our answers, and the plain ones they are compared with.

Windows are given as service, first day and number of days after the workloads' first day, and
a member of staff, 0 for anyone.
"""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Sequence
from functools import lru_cache

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from rest_framework.authentication import BaseAuthentication, TokenAuthentication
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.roles import Capability
from bookings.engine.hours import at_minute
from bookings.faces.access import DeskRequest, desk
from bookings.faces.desk.frame import show
from bookings.faces.site.cards import house
from bookings.models import Service
from bookings.queries import availability, frames, pages, plan
from tests.bench import plain
from tests.bench.world import NOW, ZONE, day, span


def empty(request: HttpRequest) -> HttpResponse:
    """Answer with nothing."""
    return HttpResponse()


class Framework(APIView):
    """A view of Django REST framework that lets everybody in and answers with nothing."""

    authentication_classes: Sequence[type[BaseAuthentication]] = ()
    permission_classes: Sequence[type[BasePermission]] = ()

    def get(self, request: Request) -> Response:
        """Answer with nothing."""
        return Response({})


class Bearer(TokenAuthentication):
    """The framework's own tokens, sent as ours are."""

    keyword = "Bearer"


class Known(Framework):
    """The same for those alone who have one of the framework's own tokens."""

    authentication_classes = (Bearer,)
    permission_classes = (IsAuthenticated,)


def select_one(request: HttpRequest) -> HttpResponse:
    """Answer after the cheapest question to the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return HttpResponse()


def empty_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer with the page frame of a business and nothing in it."""
    return render(request, "site/layout.html", {"house": house(pages.published_business(slug))})


@desk("GET", needs=Capability.SEE_BOOKINGS)
def empty_desk_page(request: DeskRequest) -> HttpResponse:
    """Answer with the page of the desk's calendar and nothing in it."""
    return show(request, "desk/calendar.html", {}, here="day")


def memory(request: HttpRequest) -> HttpResponse:
    """Answer with the most memory that this process has ever had, in MB."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return JsonResponse(most / (1_000_000 if sys.platform == "darwin" else 1_000), safe=False)


def starts(request: HttpRequest, service: int, first: int, days: int, staff: int) -> HttpResponse:
    """Answer with the free starts."""
    lo, hi = span(first, days)
    found = availability.offer(service, lo=lo, hi=hi, now=NOW, staff_id=staff or None)
    body = ",".join(map(_label, found.minutes()))
    return HttpResponse(f'{{"starts":[{body}]}}', content_type="application/json")


def cold_starts(
    request: HttpRequest, service: int, first: int, days: int, staff: int
) -> HttpResponse:
    """Answer with the free starts, with nothing remembered from before."""
    forget()
    return starts(request, service, first, days, staff)


def days(request: HttpRequest, service: int, first: int, days: int, staff: int) -> HttpResponse:
    """Answer with the days that have a free start."""
    found = availability.days(
        Service(pk=service), first=day(first), last=day(first + days - 1), zone=ZONE, now=NOW
    )
    return HttpResponse(
        json.dumps({"days": [each.isoformat() for each in found]}), content_type="application/json"
    )


def plain_starts(
    request: HttpRequest, service: int, first: int, days: int, staff: int
) -> HttpResponse:
    """Answer with the free starts as a plain Django program finds them."""
    found = plain.starts(service, first=day(first), days=days)
    return JsonResponse({"starts": [each.isoformat() for each in found]})


def forget() -> None:
    """Forget all that is remembered of plans, hours and starts."""
    for memory in (plan._plans, frames._fits, frames._grids, frames._starts, frames._offers):
        memory.clear()


@lru_cache(maxsize=50_000)
def _label(minute: int) -> str:
    return f'"{at_minute(minute):%Y-%m-%dT%H:%MZ}"'
