"""Appointments: what takes place, who comes, and the decisions about it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings import commands
from bookings.admin import why_not
from bookings.admin.attending import Attending
from bookings.admin.cancelling import ask_or_do, cancelling
from bookings.admin.durations import in_words
from bookings.admin.guests import Guests
from bookings.admin.outbox import Facts
from bookings.admin.periods import Period
from bookings.admin.refusals import actor_of, decide
from bookings.admin.show import isolated, lines, wall, zoned
from bookings.engine.policy import (
    CHANGEABLE,
    LIVE,
    AppointmentState,
    BookingState,
    decisions_about,
)
from bookings.models import Appointment, Booking
from bookings.models.money import price_in_words


class AppointmentPeriod(Period):
    """Appointments by when they end."""

    ends = "ends_at"


@admin.register(Appointment)
class AppointmentAdmin(Attending[Appointment]):
    """See appointments and decide about them."""

    list_display = ("when", "service", "people", "customers", "seats", "state", "business")
    list_filter = (AppointmentPeriod, "state", "business", "service")
    list_select_related = ("service", "business")
    date_hierarchy = "wall_date"
    search_fields = (
        "bookings__reference",
        "bookings__name",
        "bookings__email",
        "service__name",
        "resources__name",
    )
    search_help_text = gettext_lazy("A reference, a customer, a service or a person.")
    ordering = ("starts_at", "pk")
    actions = ("cancel", *Attending.decisions)
    inlines = (Guests, Facts)
    fieldsets = (
        (None, {"fields": ("when", "service", "people", "state", "seats", "business")}),
        (gettext_lazy("Where and how much"), {"fields": ("location", "said_price")}),
        (gettext_lazy("Notes of staff"), {"fields": ("noted",)}),
        (gettext_lazy("Behind it"), {"fields": ("buffers", "made", "public_id")}),
    )
    readonly_fields = (
        "when",
        "people",
        "seats",
        "location",
        "said_price",
        "noted",
        "buffers",
        "made",
        "public_id",
    )

    def addresses(self) -> list[URLPattern]:
        """Return the address of the page that says why a start cannot be booked."""
        page = self.admin_site.admin_view(partial(why_not.page, self.admin_site))
        return [path("why-not/", page, name="why_not")]

    def pages(self, request: HttpRequest) -> list[tuple[str, str]]:
        """Return the further pages for the index."""
        return [(_("Why not?"), reverse("admin:why_not"))]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Appointment]:
        """Return the appointments with their people and those who come."""
        coming = Booking.objects.filter(state__in=LIVE, waitlisted_at=None).order_by("pk")
        found = super().get_queryset(request).select_related("service", "business")
        return found.prefetch_related("resources", Prefetch("bookings", coming, to_attr="coming"))

    def possible(self, row: Appointment) -> set[str]:
        """Return the decisions that make sense: what any of its bookings allows."""
        if row.state != AppointmentState.SCHEDULED.value:
            return set()
        bookings = row.bookings.filter(state__in=CHANGEABLE)
        now = timezone.now()
        about = (decisions_about(one, starts_at=row.starts_at, now=now) for one in bookings)
        return {"cancel"}.union(*about)

    def bookings_of(self, chosen: QuerySet[Appointment], state: BookingState) -> Iterable[Booking]:
        """Return the bookings in that state of the chosen appointments."""
        found = Booking.objects.filter(state=state.value, appointment__in=chosen)
        return found.select_related("appointment").order_by("pk")

    def said_of(self, row: Appointment) -> tuple[object, ...]:
        """Return when, what and for whom."""
        return self.when(row), row.service, self.customers(row)

    @admin.action(description=gettext_lazy("Cancel for everybody…"), permissions=["change"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Appointment]) -> HttpResponse | None:
        """Ask why, then cancel the chosen appointments and tell everybody in them."""
        words = cancelling()

        def act(reason: str) -> None:
            now, actor = timezone.now(), actor_of(request)

            def run(row: Appointment) -> object:
                return commands.cancel_appointment(
                    appointment=row, reason=reason, now=now, actor=actor
                )

            decide(request, queryset, run, done=words.done)

        return ask_or_do(self, request, queryset, words=words, said=self.said_of, act=act)

    @admin.display(description=gettext_lazy("when"), ordering="starts_at")
    def when(self, appointment: Appointment) -> str:
        """Return the agreed start, with its zone where that is not the zone of the business."""
        return wall(appointment)

    @admin.display(description=gettext_lazy("with"))
    def people(self, appointment: Appointment) -> str:
        """Return the names of staff, rooms and equipment."""
        staff_first = sorted(appointment.resources.all(), key=lambda each: each.kind != "staff")
        return ", ".join(each.name for each in staff_first)

    @admin.display(description=gettext_lazy("customers"))
    def customers(self, appointment: Appointment) -> SafeString | str:
        """Return the names of who comes; seats that are only held have none yet."""
        coming: list[Booking] = getattr(appointment, "coming", [])
        return isolated(", ".join(one.name or _("(held)") for one in coming), limit=80)

    @admin.display(description=gettext_lazy("seats"))
    def seats(self, appointment: Appointment) -> str:
        """Return how many of the places are taken."""
        return f"{appointment.seats_taken} / {appointment.capacity}"

    @admin.display(description=gettext_lazy("place"))
    def location(self, appointment: Appointment) -> str:
        """Return the kind of place and the place."""
        said = [appointment.get_location_kind_display(), appointment.place, appointment.join_link]
        return " · ".join(each for each in said if each)

    @admin.display(description=gettext_lazy("price"))
    def said_price(self, appointment: Appointment) -> str:
        """Return the price as it was when it was booked."""
        return price_in_words(appointment.price_kind, appointment.price, appointment.currency)

    @admin.display(description=gettext_lazy("notes"))
    def noted(self, appointment: Appointment) -> SafeString:
        """Return what staff wrote about it, line by line."""
        return lines(appointment.staff_notes)

    @admin.display(description=gettext_lazy("buffers"))
    def buffers(self, appointment: Appointment) -> str:
        """Return the time kept free before and after."""
        before, after = in_words(appointment.buffer_before), in_words(appointment.buffer_after)
        return _("%(before)s before, %(after)s after") % {"before": before, "after": after}

    @admin.display(description=gettext_lazy("made"))
    def made(self, appointment: Appointment) -> str:
        """Return when the first booking in it was made."""
        return zoned(appointment.created_at, appointment.business.zone)
