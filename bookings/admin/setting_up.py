"""Setting up a new business on one guided page: fill in, look it over, publish."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from bookings import commands
from bookings.admin.durations import in_words
from bookings.admin.opening import in_words as hours_in_words
from bookings.admin.refusals import actor_of
from bookings.admin.scope import scope_of
from bookings.admin.setup_form import DAYS, SetupForm
from bookings.errors import BookingError
from bookings.models import Business, LocationKind
from bookings.models.hours import WEEKDAYS
from bookings.models.money import price_in_words

DRAFT = "set-up"
"""What was typed, kept in the session until the business is made."""

LONGEST = 1000


def urls(site: AdminSite) -> list[URLPattern]:
    """Return the pages; all are for superusers, who answer for the portal."""

    def page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        return site.admin_view(partial(_allowed, view, site))

    return [
        path("setup/", page(fill_in), name="setup"),
        path("setup/check/", page(look_over), name="setup_check"),
        path("setup/<uuid:business>/", page(done), name="setup_done"),
    ]


def fill_in(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Ask for everything; what was typed before is still there, with what is wrong about it.

    What is sent is kept and answered by a page of its own, so that going back never sends again.
    """
    user = cast(User, request.user)
    if request.method == "POST":
        form = SetupForm(request.POST, user)
        typed = {name: request.POST[name][:LONGEST] for name in form.fields if name in request.POST}
        request.session[DRAFT] = typed
        return _see_other("admin:setup_check" if form.is_valid() else "admin:setup")
    if "new" in request.GET:
        request.session.pop(DRAFT, None)
        return _see_other("admin:setup")
    draft = request.session.get(DRAFT)
    form = SetupForm(draft, user)
    status = 422 if form.errors else 200
    return _page(site, request, "fill_in", status, form=form, is_new=draft is None)


def look_over(site: AdminSite, request: HttpRequest) -> HttpResponse:
    """Show what will be made; make it when a button says so."""
    draft = request.session.get(DRAFT)
    if draft is None:
        return _already(request) or _see_other("admin:setup")
    form = SetupForm(draft, cast(User, request.user))
    if not form.is_valid():
        return _already(request) or _see_other("admin:setup")
    if request.method == "POST" and request.POST.get("public_id") == draft.get("public_id"):
        try:
            made = commands.set_up_business(
                **form.begun(),
                is_themselves=form.cleaned_data["is_themselves"],
                publish="publish" in request.POST,
                by=cast(User, request.user),
                now=timezone.now(),
                actor=actor_of(request),
            )
        except BookingError as refusal:
            form.refuse(refusal)
            return _page(site, request, "fill_in", 422, form=form)
        del request.session[DRAFT]
        return _see_other("admin:setup_done", made.public_id)
    return _page(site, request, "look_over", 200, form=form, summary=_summary(form))


def done(site: AdminSite, request: HttpRequest, business: UUID) -> HttpResponse:
    """Show where the new page is, and what to do next."""
    found = Business.objects.filter(public_id=business).first()
    if found is None:
        raise Http404
    service = found.services.order_by("pk").first()
    address = f"{settings.PUBLIC_URL}/b/{found.slug}/"
    return _page(site, request, "done", 200, business=found, service=service, address=address)


def _allowed(view: Callable[..., Any], site: AdminSite, request: HttpRequest, **found: Any) -> Any:
    if not scope_of(request).is_everything:
        raise PermissionDenied
    return view(site, request, **found)


def _already(request: HttpRequest) -> HttpResponse | None:
    """Lead to the business that an earlier press of the same button has made."""
    try:
        number = UUID(request.POST.get("public_id", ""))
    except ValueError:
        return None
    is_made = Business.objects.filter(public_id=number, memberships__user=request.user.pk).exists()
    return _see_other("admin:setup_done", number) if is_made else None


def _summary(form: SetupForm) -> list[tuple[str, str]]:
    """Return what will be made, as names and values."""
    typed: dict[str, Any] = form.cleaned_data
    days = [
        (str(day), hours_in_words(typed[name]) or _("closed"))
        for (_number, day), name in zip(WEEKDAYS, DAYS, strict=True)
    ]
    begun = form.begun()
    service, person = begun["service"], begun["person"]
    kind = "not_set" if service.price is None else "fixed" if service.price else "free"
    price = price_in_words(kind, service.price or None, typed["currency"].upper())
    where = [str(LocationKind(service.location_kind).label), service.place]
    return [
        (_("Name"), typed["name"]),
        (_("Address of the page"), f"{settings.PUBLIC_URL}/b/{typed['slug']}/"),
        (_("Mailbox address"), typed["mailbox"]),
        (_("Street and town"), typed["address"] or "–"),
        (_("Time zone"), typed["zone"]),
        *days,
        (_("The first service"), f"{service.name}, {in_words(service.duration)}"),
        (_("Price"), price or "–"),
        (_("Where"), ", ".join(each for each in where if each)),
        (_("Who gives it"), " · ".join(each for each in (person.name, person.email) if each)),
    ]


def _page(
    site: AdminSite, request: HttpRequest, name: str, status: int, **shown: Any
) -> HttpResponse:
    context = {**site.each_context(request), "title": _("Set up a business"), **shown}
    return TemplateResponse(request, f"admin/bookings/setup_{name}.html", context, status=status)


def _see_other(name: str, *args: Any) -> HttpResponse:
    return HttpResponseRedirect(reverse(name, args=args), status=303)
