"""Customers: the list, one of them, and what a typed name may mean."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.roles import Capability, Reach
from bookings import commands
from bookings.errors import BookingError, ChangedMeanwhile, NotAllowed
from bookings.faces.access import DeskRequest, desk, one
from bookings.faces.desk import customer_card
from bookings.faces.desk.customer_forms import (
    CustomerForm,
    NotesForm,
    shown_of,
    zone_options,
)
from bookings.faces.desk.deciding import done, refusal_of
from bookings.faces.desk.frame import address_of, show
from bookings.faces.reading import read_number, read_turn
from bookings.faces.replies import status_of
from bookings.models import Customer
from bookings.models.languages import language_name
from bookings.queries import customers, histories

HERE = "customers"
PER_PAGE = 50
SUGGESTED = 10
RECORDED = 10

SEE, EDIT, CONTROL = (
    Capability.SEE_CUSTOMERS,
    Capability.EDIT_CUSTOMERS,
    Capability.CONTROL_CUSTOMERS,
)


@desk("GET", needs=SEE)
def listing(request: DeskRequest) -> HttpResponse:
    """List the customers by name, those who match `?q=`; `?after=` and `?before=` turn pages."""
    text = asked(request)
    page = customers.page(request.colleague, text, read_turn(request.GET, PER_PAGE))
    shown = {"page": page, "q": text, "may_add": _may_add(request)}
    return show(request, "desk/customers/list.html", shown, here=HERE)


@desk("GET", needs=SEE)
def suggest(request: DeskRequest) -> HttpResponse:
    """Answer with a piece of a page: the few customers that `?q=` may mean, as buttons."""
    text = asked(request)
    suggested = customers.found(request.colleague, text, SUGGESTED)
    return render(request, "desk/customers/suggest.html", {"suggested": suggested, "q": text})


@desk("GET", "POST", needs=EDIT)
def new(request: DeskRequest) -> HttpResponse:
    """Ask who a new customer is; a POST adds them.

    Whoever reaches only customers of their own bookings adds one by booking.
    """
    if not _may_add(request):
        raise NotAllowed()
    form = CustomerForm(request.POST if request.method == "POST" else None)
    status = 200
    if form.is_valid():
        try:
            made = commands.add_customer(
                business=request.colleague.business,
                contact=form.contact,
                now=timezone.now(),
                actor=request.actor,
            )
        except BookingError as refusal:
            form.refuse(refusal)
            status = status_of(refusal)
        else:
            return done(request, _("The customer is added."), to=page_of(request, made))
    shown = {"form": form, "zones": zone_options()}
    return show(request, "desk/customers/new.html", shown, here=HERE, status=status)


@desk("GET", needs=SEE)
def customer(request: DeskRequest, customer: uuid.UUID) -> HttpResponse:
    """Show one customer: how to reach them, notes, bookings; `?page=` turns the past ones."""
    row = one(request.colleague.customers(SEE), customer)
    return _page(request, row, NotesForm(shown=shown_of(row)))


@desk("POST", needs=EDIT)
def notes(request: DeskRequest, customer: uuid.UUID) -> HttpResponse:
    """Write the notes on a customer's page."""
    row = one(request.colleague.customers(EDIT), customer)
    form = NotesForm(request.POST, shown=shown_of(row))
    refusal = _write(request, row, form)
    if refusal is None:
        return done(request, _("The notes are saved."), to=page_of(request, row))
    return _page(request, row, form, refusal)


@desk("POST", needs=EDIT)
def reminders(request: DeskRequest, customer: uuid.UUID) -> HttpResponse:
    """Write whether a customer gets reminders and the like: `reminders` is on, or is not sent."""
    row = one(request.colleague.customers(EDIT), customer)
    now, wanted = timezone.now(), request.POST.get("reminders") == "on"
    decide = commands.opt_in if wanted else commands.opt_out
    decide(customer=row, now=now, actor=request.actor)
    said = _("Reminders are sent again.") if wanted else _("No more reminders are sent.")
    return done(request, said, to=page_of(request, row))


@desk("GET", "POST", needs=EDIT)
def edit(request: DeskRequest, customer: uuid.UUID) -> HttpResponse:
    """Show what is known of a customer to be corrected; a POST writes it."""
    row = one(request.colleague.customers(EDIT), customer)
    form = CustomerForm(request.POST if request.method == "POST" else None, shown=shown_of(row))
    refusal = _write(request, row, form) if request.method == "POST" else None
    if request.method == "POST" and refusal is None:
        return done(request, _("The changes are saved."), to=page_of(request, row))
    shown = {
        "form": form,
        "customer": row,
        "zones": zone_options(),
        "is_stale": isinstance(refusal, ChangedMeanwhile),
    }
    status = status_of(refusal) if refusal else 200
    return show(request, "desk/customers/edit.html", shown, here=HERE, status=status)


def asked(request: DeskRequest) -> str:
    """Return what is looked for."""
    return request.GET.get("q", "").replace("\0", "").strip()[:200]


def page_of(request: DeskRequest, row: Customer) -> str:
    """Return the address of a customer's page."""
    return address_of(request.colleague, "customer", row.public_id)


def _write(
    request: DeskRequest, row: Customer, form: CustomerForm | NotesForm
) -> BookingError | None:
    """Write what was typed; return the refusal, which the form then shows."""
    form.full_clean()
    refusal = refusal_of(
        lambda: commands.change_customer(
            customer=row,
            typed=form.all_typed,
            seen=form.seen,
            now=timezone.now(),
            actor=request.actor,
        )
    )
    if refusal is not None:
        form.refuse(refusal)
    return refusal


def _page(
    request: DeskRequest,
    row: Customer,
    form: NotesForm,
    refusal: BookingError | None = None,
) -> HttpResponse:
    colleague, now = request.colleague, timezone.now()
    zone, number = colleague.business.zone, read_number(request.GET.get("page", ""))
    found = histories.history(colleague, row, now=now, size=PER_PAGE, number=number)
    records = histories.last_records(row, RECORDED)
    shown: dict[str, Any] = {
        "customer": row,
        "form": form,
        "is_stale": isinstance(refusal, ChangedMeanwhile),
        "coming": customer_card.rows(found.coming, zone),
        "past": customer_card.rows(found.past, zone),
        "totals": found.totals,
        "number": number,
        "has_more": found.has_more,
        "letters_in": language_name(row.language),
        "since": customer_card.since(row, colleague.business),
        "opted_out": customer_card.opted_out(row, colleague.business),
        "records": customer_card.recorded(records, zone),
        "may_book": colleague.may(Capability.BOOK),
        "may_edit": colleague.may(EDIT),
        "may_control": colleague.may(CONTROL),
    }
    status = status_of(refusal) if refusal else 200
    return show(request, "desk/customers/customer.html", shown, here=HERE, status=status)


def _may_add(request: DeskRequest) -> bool:
    return request.colleague.reach(EDIT) is Reach.ANY
