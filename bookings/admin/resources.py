"""Staff, rooms and equipment, their hours and their times off."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.admin.hours import ResourceExceptions, ResourceWeek
from bookings.admin.joins import Services
from bookings.admin.rows import OwnForm, Rows, business_of
from bookings.models import Appointment, Resource, ServiceResource


class ResourceForm(OwnForm):
    """A person, a room or a piece of equipment."""

    class Meta:
        labels = {
            "is_active": gettext_lazy("Can be booked"),
            "is_notified": gettext_lazy("Gets mail"),
            "zone": gettext_lazy("Time zone"),
        }
        help_texts = {
            "is_active": gettext_lazy("Switch off for who has left; what was booked stays."),
        }


@admin.register(Resource)
class ResourceAdmin(Rows[Resource]):
    """Set up a person, a room or a piece of equipment."""

    form = ResourceForm
    list_display = ("name", "kind", "business", "email", "gives", "is_active")
    list_filter = ("kind", "is_active", "business")
    list_select_related = ("business",)
    search_fields = ("name", "email")
    ordering = ("business__name", "-kind", "name")
    autocomplete_fields = ("business",)
    fieldsets = (
        (None, {"fields": ("business", "kind", "name", "is_active")}),
        (gettext_lazy("Mail"), {"fields": ("email", "is_notified")}),
        (gettext_lazy("Time"), {"fields": ("zone",)}),
    )

    def get_inlines(self, request: HttpRequest, obj: Resource | None) -> Any:
        """Return services and hours; services once the business is known."""
        is_known = obj is not None or business_of(request) is not None
        return ((Services,) if is_known else ()) + (ResourceWeek, ResourceExceptions)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Resource]:
        """Return the resources with what they are there for."""
        links = ServiceResource.objects.select_related("service").order_by("service__name")
        return super().get_queryset(request).prefetch_related(Prefetch("links", links))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Return what would go too; who has had appointments stays for the record."""
        gone, counts, missing, kept = super().get_deleted_objects(objs, request)
        booked = Appointment.objects.filter(resources__in=objs).distinct().order_by("-starts_at")
        kept = [*kept, *(_("Appointment: %(name)s") % {"name": one} for one in booked[:20])]
        return gone, counts, missing, kept

    @admin.display(description=gettext_lazy("services"))
    def gives(self, resource: Resource) -> str:
        """Return the names of the services."""
        return ", ".join(link.service.name for link in resource.links.all()) or _("none yet")
