"""Businesses: name, page, hours and policy."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.roles import Capability
from bookings.admin import policy, setting_up
from bookings.admin.hours import BusinessExceptions, BusinessWeek
from bookings.admin.rows import Rows
from bookings.admin.scope import scope_of
from bookings.models import Business


class BusinessForm(forms.ModelForm[Business]):
    """Ask for the brand colour with the browser's own colour field."""

    class Meta:
        widgets = {"brand": forms.TextInput(attrs={"type": "color"})}
        labels = {
            "is_published": _("Published"),
            "mailbox": _("Mailbox address"),
            "notify_business": _("Copies to the mailbox"),
            "shows_business_zone": _("Only our own time zone"),
            "staff_must_accept": _("Staff have to agree"),
            "zone": _("Time zone"),
        }
        help_texts = {
            "slug": _("The address of the booking page is /b/ followed by this."),
            "zone": _("Opening hours and times off are on this clock."),
        }


@admin.register(Business)
class BusinessAdmin(Rows[Business]):
    """Set up a business."""

    form = BusinessForm
    list_display = ("name", "slug", "mailbox", "zone", "is_published", "services_offered")
    list_filter = ("is_published",)
    search_fields = ("name", "slug", "mailbox")
    ordering = ("name",)
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = (
        (None, {"fields": ("name", "slug", "mailbox", "is_published")}),
        (
            _("Place and time"),
            {"fields": ("zone", "shows_business_zone", "currency", "address")},
        ),
        (_("The booking page"), {"fields": ("about", "brand", "phone", "website")}),
        (_("People"), {"fields": ("staff_must_accept",)}),
        (_("Letters"), {"fields": ("sender_name", "reply_to")}),
        (_("Text messages"), {"fields": ("country", ("quiet_from", "quiet_until"))}),
        *policy.decided(),
    )

    def addresses(self) -> list[URLPattern]:
        """Return the addresses of the pages that set a new business up."""
        return setting_up.urls(self.admin_site)

    def pages(self, request: HttpRequest) -> list[tuple[str, str]]:
        """Return the further pages for the index."""
        if not scope_of(request).is_everything:
            return []
        return [(gettext("Set up a business"), reverse("admin:setup"))]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Lead to the guided page: a business begins with its hours, a service and a person."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        return redirect("admin:setup")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say whether a business may be opened here: by superusers, who answer for the portal."""
        return scope_of(request).is_everything

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Say whether a business may be removed: by superusers too."""
        return scope_of(request).is_everything

    def get_readonly_fields(self, request: HttpRequest, obj: Business | None = None) -> Any:
        """Return what cannot be changed: publishing is for who may publish."""
        fixed = tuple(super().get_readonly_fields(request, obj))
        if obj is None or scope_of(request).may(Capability.PUBLISH, obj):
            return fixed
        return (*fixed, "is_published")

    def get_inlines(self, request: HttpRequest, obj: Business | None) -> Any:
        """Return the hours."""
        return (BusinessWeek, BusinessExceptions)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Business]:
        """Return the businesses with the number of services on their page."""
        visible = Count("services", filter=Q(services__is_hidden=False), distinct=True)
        return super().get_queryset(request).annotate(visible_services=visible)

    def view_on_site(self, business: Business) -> str:
        """Return the address of the booking page."""
        return f"/b/{business.slug}/"

    @admin.display(description=_("services on the page"), ordering="visible_services")
    def services_offered(self, business: Business) -> int:
        """Return how many services customers see."""
        count: int = getattr(business, "visible_services", 0)
        return count
