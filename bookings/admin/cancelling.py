"""Cancelling and declining from the admin: first who will be told and why, then the command."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.admin.rows import LineField

RowT = TypeVar("RowT", bound=Model)
SHOWN = 30


class ReasonForm(forms.Form):
    """Why; customers read it in their mail."""

    reason = LineField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("Customers read it in their mail. May stay empty."),
        widget=admin.widgets.AdminTextInputWidget(),
    )


@dataclass(frozen=True)
class Wording:
    """How a page asks for a reason; `done` counts what was done."""

    title: str
    warning: str
    button: str
    done: str


def cancelling() -> Wording:
    """Return the words before something is cancelled."""
    return Wording(
        _("Cancel?"),
        _("These will be cancelled, their time becomes free, and everybody concerned gets a mail:"),
        _("Cancel them"),
        _("%(count)d cancelled."),
    )


def declining() -> Wording:
    """Return the words before requests are declined."""
    return Wording(
        _("Decline?"),
        _("What was asked for here is declined, its time becomes free, and customers get a mail:"),
        _("Decline them"),
        _("%(count)d declined."),
    )


def ask_or_do(
    model_admin: admin.ModelAdmin[RowT],
    request: HttpRequest,
    chosen: QuerySet[RowT],
    *,
    words: Wording,
    said: Callable[[RowT], tuple[object, ...]],
    act: Callable[[str], None],
) -> HttpResponse | None:
    """Return the page that asks for a reason; act when it was answered.

    `said` is what the page says of a row; `act` takes the reason and tells what it did.
    """
    form = ReasonForm(request.POST if "confirmed" in request.POST else None)
    if form.is_valid():
        act(form.cleaned_data["reason"])
        return None
    context: dict[str, Any] = {
        **model_admin.admin_site.each_context(request),
        "title": words.title,
        "words": words,
        "opts": model_admin.opts,
        "form": form,
        "media": model_admin.media,
        "shown": [
            format_html_join(" · ", "{}", ((each,) for each in said(row))) for row in chosen[:SHOWN]
        ],
        "more": max(0, chosen.count() - SHOWN),
        "numbers": request.POST.getlist(ACTION_CHECKBOX_NAME),
        "selected": ACTION_CHECKBOX_NAME,
        "action": request.POST.get("action", ""),
        "across": request.POST.get("select_across", "0"),
        "back": request.POST.get("_back", ""),
    }
    return TemplateResponse(request, "admin/bookings/cancel.html", context)
