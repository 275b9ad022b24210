"""What stands around every page for developers: where one is, and where one can go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Way:
    """A link to a part of these pages."""

    url: str
    label: str
    is_here: bool


def show(
    request: HttpRequest,
    template: str,
    context: Mapping[str, object],
    *,
    here: str,
    status: int = 200,
) -> HttpResponse:
    """Return a page for developers; `here` names the part that it is of."""
    own = {"home": _("Keys"), "calls": _("Calls")} if request.user.is_authenticated else {}
    parts = own | {"problems": _("Problems"), "reference": _("Reference")}
    ways = [Way(reverse(f"developers:{name}"), said, name == here) for name, said in parts.items()]
    filled = {"ways": ways, "api": f"{settings.PUBLIC_URL}/api/v1/", **context}
    return render(request, template, filled, status=status)


def show_once(request: HttpRequest, template: str, context: Mapping[str, object]) -> HttpResponse:
    """Return a page with a secret, which no browser keeps."""
    response = show(request, template, context, here="home")
    response["Cache-Control"] = "no-store"
    return response
