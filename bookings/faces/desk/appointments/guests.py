"""Who comes: a customer who is known or a new one, as staff type them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.roles import Capability
from bookings.commands import Contact
from bookings.commands.contact import NAME_LIMIT, NOTES_LIMIT
from bookings.faces.access import DeskRequest, by_name
from bookings.faces.typed import TypedForm, line, question_field, text, tick
from bookings.faces.words import consent_taken_down
from bookings.models import Customer, Service, ServiceQuestion
from bookings.queries import customers
from bookings.queries.texting import sends_texts

CONTACT = ("name", "email", "phone")
SUGGESTED = 8


@dataclass(frozen=True)
class Guest:
    """Who was chosen among the customers, if anybody, and whom what was typed may mean."""

    customer: Customer | None = None
    suggested: Sequence[Customer] = field(default_factory=list)
    was_looked_for: bool = False


def guest_of(request: DeskRequest, fields: QueryDict) -> Guest:
    """Return who a form means; a customer just chosen fills in name, e-mail and phone.

    Somebody known stays chosen for as long as the name in the form is theirs.

    Raises:
        NotFound: a customer out of reach.
    """
    within = request.colleague.customers(Capability.SEE_CUSTOMERS)
    if chosen := fields.get("customer"):
        customer = by_name(within, chosen)
        for name in CONTACT:
            fields[name] = getattr(customer, name)
        fields["known"] = str(customer.public_id)
        return Guest(customer)
    if known := fields.get("known"):
        customer = by_name(within, known)
        if customer.name.casefold() == fields.get("name", "").strip().casefold():
            return Guest(customer)
        fields["known"] = ""
    if "find" not in fields:
        return Guest()
    typed = next((str(fields[name]) for name in CONTACT if fields.get(name, "").strip()), "")
    found = customers.found(request.colleague, typed.replace("\0", "")[:NAME_LIMIT], SUGGESTED)
    return Guest(suggested=found, was_looked_for=True)


def add_guest_fields(
    form: TypedForm, service: Service, asks: Iterable[ServiceQuestion], *, suggest: str
) -> None:
    """Add to a form who comes and what the service asks; `suggest` is where names are found."""
    typing = (
        {"data-suggest": suggest, "autocomplete": "off"} if suggest else {"autocomplete": "off"}
    )
    form.fields["name"] = line(_("Name"), maxlength=NAME_LIMIT, **typing)
    form.fields["email"] = line(_("E-mail"), "email", **typing)
    form.fields["phone"] = line(_("Phone"), "tel", **typing)
    if sends_texts(service):
        form.fields["texts"] = tick(consent_taken_down(service.business.name))
    for ask in asks:
        form.fields[_field_of(ask)] = question_field(ask.question)
    form.fields["notes"] = text(_("Notes of the customer"), NOTES_LIMIT)


def required_answers(asks: Iterable[ServiceQuestion]) -> set[str]:
    """Return the names of the fields that must be answered."""
    return {_field_of(ask) for ask in asks if ask.is_required}


def contact_of(form: TypedForm, guest: Guest, *, zone: str) -> Contact:
    """Return who comes, as typed; their language is their own where it is known."""
    known = guest.customer
    return Contact(
        name=form.typed("name"),
        email=form.typed("email"),
        phone=form.typed("phone"),
        notes=form.typed("notes"),
        zone=(known.zone if known else "") or zone,
        language=(known.language if known else "") or get_language() or "en",
        sms_consent=form.consent("texts"),
    )


def answers_of(form: TypedForm, asks: Iterable[ServiceQuestion]) -> dict[str, object]:
    """Return the answers as typed, by the question's public id."""
    return {_field_of(ask): form.cleaned_data.get(_field_of(ask)) for ask in asks}


def question_fields(form: TypedForm, asks: Iterable[ServiceQuestion]) -> list[forms.BoundField]:
    """Return the fields of the questions, in order."""
    return [form[_field_of(ask)] for ask in asks]


def _field_of(ask: ServiceQuestion) -> str:
    return str(ask.question.public_id)
