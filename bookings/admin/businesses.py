"""Businesses: name, page, hours and policy."""

from __future__ import annotations

from datetime import time
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.roles import Capability
from bookings.admin import policy
from bookings.admin.hours import BusinessExceptions, BusinessWeek, WeekFormSet
from bookings.admin.rows import Rows
from bookings.admin.scope import scope_of
from bookings.models import Business

WORKING_WEEK = [{"weekday": weekday, "opens": time(9), "closes": time(17)} for weekday in range(5)]


class FirstWeekFormSet(WeekFormSet):
    """Hours of a new business: what the page proposes is what is saved."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": WORKING_WEEK, **kwargs})

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        form = super()._construct_form(i, **kwargs)
        form.empty_permitted = False
        form.has_changed = lambda: True
        return form


class FirstWeek(BusinessWeek):
    """The hours proposed to a new business."""

    formset = FirstWeekFormSet
    extra = len(WORKING_WEEK)


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
        *policy.decided(),
    )

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
        """Return the hours; a new business starts with a working week."""
        return (BusinessWeek if obj else FirstWeek, BusinessExceptions)

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
