"""Staff, rooms and equipment, their hours and their times off."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from bookings import commands
from bookings.admin.hours import ResourceExceptions, ResourceWeek
from bookings.admin.joins import Services
from bookings.admin.refusals import actor_of
from bookings.admin.rows import OwnForm, Rows, business_of
from bookings.models import Appointment, Resource, ResourceKind, ServiceResource
from bookings.models.catalogue import Acceptance


class ResourceForm(OwnForm):
    """A person, a room or a piece of equipment; who signs in as a person is a member."""

    class Meta:
        labels = {
            "is_active": gettext_lazy("Can be booked"),
            "is_notified": gettext_lazy("Gets mail"),
            "user": gettext_lazy("Signs in as"),
            "zone": gettext_lazy("Time zone"),
        }
        help_texts = {
            "is_active": gettext_lazy("Switch off for who has left; what was booked stays."),
        }

    def clean(self) -> dict[str, Any] | None:
        """Refuse an account that has no part in the business."""
        values = super().clean() or self.cleaned_data
        user = values.get("user")
        business = values.get("business") or (self.instance.business_id and self.instance.business)
        if user and values.get("kind") != ResourceKind.STAFF.value:
            self.add_error("user", _("Only staff sign in."))
        elif user and business and not business.memberships.filter(user=user).exists():
            self.add_error("user", _("“%(name)s” has no part in this business.") % {"name": user})
        return values


@admin.register(Resource)
class ResourceAdmin(Rows[Resource]):
    """Set up a person, a room or a piece of equipment."""

    form = ResourceForm
    list_display = ("name", "kind", "business", "email", "gives", "acceptance", "is_active")
    list_filter = ("kind", "is_active", "acceptance", "business")
    list_select_related = ("business",)
    search_fields = ("name", "email")
    ordering = ("business__name", "-kind", "name")
    autocomplete_fields = ("business",)
    fieldsets = (
        (None, {"fields": ("business", "kind", "name", "is_active")}),
        (gettext_lazy("Account"), {"fields": ("user", "acceptance")}),
        (gettext_lazy("Mail"), {"fields": ("email", "is_notified")}),
        (gettext_lazy("Time"), {"fields": ("zone",)}),
    )

    readonly_fields = ("acceptance",)

    def get_fieldsets(self, request: HttpRequest, obj: Resource | None = None) -> Any:
        """Return the parts of the form; accounts are offered once the business is known."""
        parts = super().get_fieldsets(request, obj)
        is_known = obj is not None or business_of(request) is not None
        return [part for part in parts if is_known or "user" not in part[1]["fields"]]

    def get_form(
        self, request: HttpRequest, obj: Resource | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Return the form; who may sign in as a person are the members of the business."""
        made = super().get_form(request, obj, change, **kwargs)
        field: Any = made.base_fields.get("user")
        if field is not None:
            business = obj.business if obj is not None else business_of(request)
            field.queryset = User.objects.filter(memberships__business=business).order_by("email")
            field.error_messages["invalid_choice"] = _("Choose a member of this business.")
        return made

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

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save hours and services; ask new staff, where the business wants them to agree first."""
        super().save_related(request, form, formsets, change)
        if change:
            return
        commands.welcome_staff(resource=form.instance, now=timezone.now(), actor=actor_of(request))
        if form.instance.acceptance == Acceptance.PENDING.value:
            said = _("“%(name)s” can be booked once they have agreed.")
            messages.info(request, said % {"name": form.instance})

    @admin.display(description=gettext_lazy("services"))
    def gives(self, resource: Resource) -> str:
        """Return the names of the services."""
        return ", ".join(link.service.name for link in resource.links.all()) or _("none yet")
