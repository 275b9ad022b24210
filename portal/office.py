"""The admin as one site: its name, and its index in the order of the work."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django.contrib.admin import ModelAdmin
from django.contrib.admin.sites import AdminSite
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import Field, Model, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.doors import Door, opens_to
from accounts.factors import ask_for_factor, lacks_required_factor

if TYPE_CHECKING:
    from django.contrib.admin.models import LogEntry

View = TypeVar("View", bound=Callable[..., HttpResponseBase])

OUR_APPS = ("accounts", "bookings")

GROUPS = [
    ("calendar", _("Calendar"), ["Appointment", "Booking", "Customer", "TimeOff"]),
    ("offer", _("What is offered"), ["Business", "Service", "Resource", "Question"]),
    ("told", _("What was told"), ["OwnWording", "Message", "Event"]),
    ("access", _("Who may sign in"), ["User"]),
]
"""The index: a name for style sheets, a heading and the models under it."""


class Suggestions(AutocompleteJsonView):
    """What a search field suggests: rows of the asked business, named with their business."""

    def process_request(self, request: HttpRequest) -> Any:
        """Return what is asked; a relation is asked for from the side of the field."""
        asked = super().process_request(request)
        if not isinstance(asked[2], Field):
            raise PermissionDenied
        return asked

    def get_queryset(self) -> QuerySet[Model]:
        """Return the matches, kept to `?business=` where the field belongs to one."""
        found: QuerySet[Model] = super().get_queryset()
        if not _has_business(found.model):
            return found
        wanted = self.request.GET.get("business", "")
        if wanted.isascii() and wanted.isdigit():
            found = found.filter(business=wanted)
        return found.select_related("business")

    def serialize_result(self, obj: Model, to_field_name: str) -> dict[str, str]:
        """Return the value and the words of one suggestion."""
        result: dict[str, str] = super().serialize_result(obj, to_field_name)
        if _has_business(type(obj)) and "business" not in self.request.GET:
            result["text"] = f"{result['text']} · {getattr(obj, 'business', '')}"
        return result


class Office(AdminSite):
    """The place where a business is set up and its bookings are looked after."""

    site_header = _("Booking portal")
    site_title = _("Booking portal")
    index_title = _("Office")
    site_url = None
    empty_value_display = "–"

    def register(
        self,
        model_or_iterable: type[Model] | Iterable[type[Model]],
        admin_class: type[ModelAdmin[Any]] | None = None,
        **options: Any,
    ) -> None:
        """Take the pages of this house; those that packages bring know of no business."""
        if admin_class is not None and admin_class.__module__.split(".")[0] in OUR_APPS:
            super().register(model_or_iterable, admin_class, **options)

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Show the parts of the office, below what models' admins announce with `announce`."""
        for pages in self._registry.values():
            getattr(pages, "announce", lambda _request: None)(request)
        return super().index(request, extra_context)

    def get_urls(self) -> list[Any]:
        """Return the addresses: those that a model's admin names in `addresses` come first.

        None leads by number to whatever row there is.
        """
        found = [each for each in super().get_urls() if getattr(each, "name", "") != "view_on_site"]
        own: list[list[Any]] = [
            getattr(pages, "addresses", list)() for pages in self._registry.values()
        ]
        return [*chain.from_iterable(own), *found]

    def get_log_entries(self, request: HttpRequest) -> QuerySet[LogEntry]:
        """Return what was done to the rows that are shown to who asks."""
        entries = super().get_log_entries(request)
        if request.user.is_superuser:
            return entries
        within = Q(pk=None)
        for pages in self._registry.values():
            if pages.has_view_permission(request):
                rows = pages.get_queryset(request).order_by()
                within |= Q(
                    content_type__app_label=pages.opts.app_label,
                    content_type__model=pages.opts.model_name,
                    object_id__in=rows.values_list(Cast("pk", TextField())),
                )
        return entries.filter(within)

    def admin_view(self, view: View, cacheable: bool = False) -> View:  # noqa: FBT001
        """Return the view behind the sign-in; no address has a NUL, which no database takes."""
        guarded = super().admin_view(view, cacheable)

        @functools.wraps(guarded)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if any("\0" in value for _name, values in request.GET.lists() for value in values):
                raise BadRequest
            if self.has_permission(request) and lacks_required_factor(request):
                return ask_for_factor(request)
            return guarded(request, *args, **kwargs)

        return cast(View, opens_to(Door.OFFICE)(answer))

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead to the sign-in of the portal; whoever is signed in but not allowed here is told."""
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied
        after = request.GET.get(REDIRECT_FIELD_NAME) or reverse("admin:index")
        return redirect_to_login(after)

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Lead to the page where everybody changes their password."""
        return cast(TemplateResponse, redirect("account_change_password"))

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Return the models grouped by what they are for; those of one app where it is named."""
        listed = super().get_app_list(request, app_label)
        if app_label is not None:
            return listed
        found = {model["object_name"]: model for app in listed for model in app["models"]}
        groups = []
        for label, heading, names in GROUPS:
            models = [found.pop(name) for name in names if name in found]
            linked = [link for model in models for link in self._linked(request, model)]
            groups.append(_group(label, heading, models + linked))
        groups.append(_group("more", _("More"), list(found.values())))
        return [group for group in groups if group["models"]]

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        """Answer a search field."""
        answer: HttpResponse = Suggestions.as_view(admin_site=self)(request)  # type: ignore[assignment]
        return answer

    def _linked(self, request: HttpRequest, model: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the entries of the further pages that a model's admin names in `pages`."""
        pages = getattr(self._registry[model["model"]], "pages", None)
        return [
            {
                "name": name,
                "object_name": "",
                "perms": {"view": True},
                "admin_url": address,
                "add_url": None,
                "view_only": True,
            }
            for name, address in (pages(request) if pages else [])
        ]


def _has_business(model: type[Model]) -> bool:
    return hasattr(model, "business")


def _group(label: str, heading: Any, models: list[Any]) -> dict[str, Any]:
    """Return a part of the index in the shape that Django's templates read."""
    return {
        "name": heading,
        "app_label": label,
        "app_url": f"{reverse('admin:index')}#{label}",
        "has_module_perms": True,
        "models": models,
    }
