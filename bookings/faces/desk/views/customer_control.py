"""What only admins do with a customer: merge two, take everything away as a file, erase."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings import commands
from bookings.commands.merging import joined_notes
from bookings.errors import BookingError
from bookings.faces.access import DeskRequest, by_name, desk, one
from bookings.faces.desk import customer_card
from bookings.faces.desk.deciding import done, refusal_of
from bookings.faces.desk.frame import address_of, show
from bookings.faces.desk.views.customers import CONTROL, HERE, asked, page_of
from bookings.faces.replies import status_of
from bookings.faces.words import said_in_full
from bookings.models import Customer
from bookings.queries import customers, histories
from bookings.queries.dossiers import dossier

OFFERED = 10


@desk("GET", "POST", needs=CONTROL)
def merge(request: DeskRequest, customer: uuid.UUID) -> HttpResponse:
    """Find the duplicate by `?q=`, show it beside the one that stays; a POST merges them."""
    keep = one(request.colleague.customers(CONTROL), customer)
    fields = request.POST if request.method == "POST" else request.GET
    if not fields.get("other"):
        return _candidates(request, keep)
    other = by_name(request.colleague.customers(CONTROL), fields["other"])
    if request.method == "POST":
        return _merge(request, keep, other)
    return _side_by_side(request, keep, other)


@desk("POST", needs=CONTROL)
def export(request: DeskRequest, customer: uuid.UUID) -> HttpResponse:
    """Answer with everything stored about a customer as a file, and put that on record."""
    row = one(request.colleague.customers(CONTROL), customer)
    now = timezone.now()
    row = commands.record_export(customer=row, now=now, actor=request.actor)
    content = json.dumps(dossier(row, now=now), ensure_ascii=False, indent=2)
    name = f"customer-{row.public_id}.json"
    return HttpResponse(
        content,
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@desk("GET", "POST", needs=CONTROL)
def erase(request: DeskRequest, customer: uuid.UUID) -> HttpResponse:
    """Say what goes and what stays; a POST that is sure erases the person."""
    row = one(request.colleague.customers(CONTROL), customer)
    if request.method != "POST":
        return _erasing(request, row)
    if request.POST.get("sure") != "on":
        return _erasing(request, row, _("Please tick the box if this is the right person."), 422)
    now = timezone.now()
    if refusal := refusal_of(
        lambda: commands.erase_customer(customer=row, now=now, actor=request.actor)
    ):
        return _erasing(request, row, said_in_full(refusal), status_of(refusal))
    to = address_of(request.colleague, "customers")
    return done(request, _("The customer is erased."), to=to)


def _candidates(request: DeskRequest, keep: Customer) -> HttpResponse:
    text = asked(request)
    if text:
        found = customers.found(request.colleague, text, OFFERED + 1)
        found = [row for row in found if row.pk != keep.pk][:OFFERED]
    else:
        found = histories.likely_duplicates(request.colleague, keep, OFFERED)
    shown = {"customer": keep, "q": text, "found": found}
    return show(request, "desk/customers/merge.html", shown, here=HERE)


def _merge(request: DeskRequest, keep: Customer, other: Customer) -> HttpResponse:
    now = timezone.now()
    if refusal := refusal_of(
        lambda: commands.merge_customers(keep=keep, duplicate=other, now=now, actor=request.actor)
    ):
        return _side_by_side(request, keep, other, refusal)
    return done(request, _("Both are one customer now."), to=page_of(request, keep))


def _side_by_side(
    request: DeskRequest, keep: Customer, other: Customer, refusal: BookingError | None = None
) -> HttpResponse:
    counted = histories.bookings_counted(request.colleague, keep, other)
    shown: dict[str, Any] = {
        "customer": keep,
        "other": other,
        "compared": customer_card.compared(keep, other, joined_notes(keep, other)),
        "bookings": (counted[keep.pk], counted[other.pk], sum(counted.values())),
        "wrong": said_in_full(refusal) if refusal else "",
    }
    status = status_of(refusal) if refusal else 200
    return show(request, "desk/customers/merging.html", shown, here=HERE, status=status)


def _erasing(
    request: DeskRequest, row: Customer, wrong: str = "", status: int = 200
) -> HttpResponse:
    zone = request.colleague.business.zone
    coming = histories.still_coming(row, now=timezone.now())
    counted = histories.bookings_counted(request.colleague, row)
    shown = {
        "customer": row,
        "coming": customer_card.rows(coming, zone),
        "bookings": counted[row.pk],
        "noted": histories.shared_notes(row),
        "wrong": wrong,
    }
    return show(request, "desk/customers/erase.html", shown, here=HERE, status=status)
