"""Services: what can be booked, by whom, when, and what is asked."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings import commands
from bookings.admin import policy
from bookings.admin.durations import in_words
from bookings.admin.hours import Ranges, ServiceWeek
from bookings.admin.joins import Asked, Staff
from bookings.admin.reminding import Reminders
from bookings.admin.rows import OwnForm, Rows, business_of
from bookings.models import Business, Reminder, Service, ServiceResource
from bookings.models.catalogue import AvailabilityKind
from bookings.models.money import price_in_words
from bookings.queries.texting import reaches_nobody


class ServiceForm(OwnForm):
    """Ask for a service; beside each policy field stands what the business says."""

    heir_of: Business | None = None

    class Meta:
        labels = {
            "colour": gettext_lazy("Colour on the desk"),
            "is_hidden": gettext_lazy("Hidden from customers"),
            "location_kind": gettext_lazy("Where"),
            "needs_approval": gettext_lazy("Only after our approval"),
            "price_kind": gettext_lazy("Kind of price"),
            "sends_sms": gettext_lazy("Sends text messages"),
        }
        help_texts = {
            "buffer_before": gettext_lazy("Kept free before."),
            "buffer_after": gettext_lazy("Kept free after."),
            "duration": gettext_lazy("Such as 45 min or 1 h 30 min."),
            "slug": gettext_lazy("The last part of the address of its page."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        policy.say_inherited(self.fields, self.heir_of)

    def clean_sends_sms(self) -> bool:
        """Refuse texts of a business whose customers' numbers belong to no country."""
        wanted = bool(self.cleaned_data["sends_sms"])
        business = self.cleaned_data.get("business") or self.heir_of
        if wanted and business is not None and reaches_nobody(business):
            said = _("Say first in which country “%(name)s” is: texts go to its numbers.")
            raise ValidationError(said % {"name": business})
        return wanted


@admin.register(Service)
class ServiceAdmin(Rows[Service]):
    """Set up a service."""

    form = ServiceForm
    list_display = (
        "name",
        "business",
        "length",
        "shown_price",
        "capacity",
        "given_by",
        "location_kind",
        "is_shown",
    )
    list_filter = ("business", "is_hidden", "location_kind")
    list_select_related = ("business",)
    search_fields = ("name", "slug", "description")
    ordering = ("business__name", "position", "name")
    autocomplete_fields = ("business",)
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = (
        (
            None,
            {
                "fields": (
                    "business",
                    "name",
                    "slug",
                    "description",
                    ("position", "is_hidden", "colour"),
                )
            },
        ),
        (
            gettext_lazy("Time and places"),
            {
                "fields": (
                    ("duration", "buffer_before", "buffer_after"),
                    ("capacity", "assignment"),
                    ("availability", "needs_approval", "has_waitlist"),
                    "sends_sms",
                )
            },
        ),
        (gettext_lazy("Price"), {"fields": (("price_kind", "price"),)}),
        (
            gettext_lazy("Where"),
            {"fields": ("location_kind", "place", "join_link", "confirmation_note")},
        ),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Service | None = None) -> Any:
        """Return the parts of the form; policy that is inherited is folded away."""
        overrides = obj.overrides if obj is not None else {}
        return [*super().get_fieldsets(request, obj), *policy.overridden(overrides)]

    def get_inlines(self, request: HttpRequest, obj: Service | None) -> Any:
        """Return what is beneath the service, once its business is known."""
        is_known = obj is not None or business_of(request) is not None
        return (Staff, Asked, Reminders, ServiceWeek, Ranges) if is_known else ()

    def get_form(
        self, request: HttpRequest, obj: Service | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        """Return the form, which shows what is inherited from the business."""
        made = super().get_form(request, obj, change, **kwargs)
        made.heir_of = obj.business if obj is not None else business_of(request)  # type: ignore[attr-defined]
        return made

    def get_queryset(self, request: HttpRequest) -> QuerySet[Service]:
        """Return the services with who gives them."""
        links = ServiceResource.objects.select_related("resource").order_by("priority", "pk")
        return super().get_queryset(request).prefetch_related(Prefetch("links", links))

    def response_add(
        self, request: HttpRequest, obj: Service, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Go on with people and questions where the page could not ask for them yet."""
        if not self.get_inlines(request, None) and IS_POPUP_VAR not in request.POST:
            messages.info(request, _("Now choose who gives it and what it asks."))
            return redirect("admin:bookings_service_change", obj.pk)
        return super().response_add(request, obj, post_url_continue)

    def save_model(self, request: HttpRequest, obj: Service, form: Any, change: bool) -> None:
        """Save the service once nobody plans by its rules, which may be saved beneath it."""
        if change:
            commands.lock_rules(services=[obj])
        super().save_model(request, obj, form, change)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Save rows beneath the service; where its reminders change, plan them again."""
        if formset.model is Reminder and formset.has_changed():
            commands.expect_new_rules(services=[form.instance], now=timezone.now())
        super().save_formset(request, form, formset, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save what belongs to the service and warn where nobody could book it."""
        super().save_related(request, form, formsets, change)
        service: Service = form.instance
        if formsets and not service.links.filter(resource__is_active=True).exists():
            said = _("Nobody gives “%(name)s” yet, so it cannot be booked. Add staff or a room.")
            messages.warning(request, said % {"name": service})
        is_weekly = service.availability == AvailabilityKind.WEEKLY.value
        if formsets and is_weekly and not service.hours.exists():
            said = _("“%(name)s” has custom weekly hours but none are given yet.")
            messages.warning(request, said % {"name": service})

    def view_on_site(self, service: Service) -> str:
        """Return the address of the service's booking page."""
        return f"/b/{service.business.slug}/{service.slug}/"

    @admin.display(description=gettext_lazy("on the page"), ordering="is_hidden", boolean=True)
    def is_shown(self, service: Service) -> bool:
        """Say whether customers see it."""
        return not service.is_hidden

    @admin.display(description=gettext_lazy("duration"), ordering="duration")
    def length(self, service: Service) -> str:
        """Return the duration in words."""
        return in_words(service.duration)

    @admin.display(description=gettext_lazy("price"), ordering="price")
    def shown_price(self, service: Service) -> str:
        """Return the price in words."""
        return price_in_words(service.price_kind, service.price, service.business.currency)

    @admin.display(description=gettext_lazy("given by"))
    def given_by(self, service: Service) -> str:
        """Return the names of staff and rooms, by priority."""
        return ", ".join(link.resource.name for link in service.links.all())
