"""Customers: the list, one of them, and what a typed name may mean."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.shortcuts import render

from accounts.roles import Capability
from bookings.faces.access import DeskRequest, desk
from bookings.faces.desk.frame import show
from bookings.queries import customers

HERE = "customers"
PER_PAGE = 50
SUGGESTED = 10


@desk("GET", needs=Capability.SEE_CUSTOMERS)
def listing(request: DeskRequest) -> HttpResponse:
    """List the customers by name, those who match `?q=`; `?after=` and `?before=` turn pages."""
    text = request.GET.get("q", "").replace("\0", "").strip()[:200]
    page = customers.page(
        request.colleague,
        text,
        PER_PAGE,
        after=_id(request.GET.get("after", "")),
        before=_id(request.GET.get("before", "")),
    )
    return show(request, "desk/customers/list.html", {"page": page, "q": text}, here=HERE)


@desk("GET", needs=Capability.SEE_CUSTOMERS)
def suggest(request: DeskRequest) -> HttpResponse:
    """Answer with a piece of a page: the few customers that `?q=` may mean, as buttons."""
    text = request.GET.get("q", "").replace("\0", "").strip()[:200]
    suggested = customers.found(request.colleague, text, SUGGESTED)
    return render(request, "desk/customers/suggest.html", {"suggested": suggested, "q": text})


def _id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
