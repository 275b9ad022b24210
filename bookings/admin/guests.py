"""Bookings: one customer's seats, what they told, whether they came."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings import commands
from bookings.admin.attending import Attending
from bookings.admin.cancelling import ask_or_do, cancelling
from bookings.admin.outbox import Facts, Letters
from bookings.admin.periods import Period
from bookings.admin.refusals import actor_of, decide
from bookings.admin.rows import ReadOnlyRows
from bookings.admin.show import NOTHING, isolated, lines, wall, zoned
from bookings.engine.policy import BookingState, Override, decisions_about
from bookings.models import Answer, Booking


def attendance(booking: Booking) -> str:
    """Return what is known of a customer's coming."""
    if booking.no_show_at:
        return _("did not come")
    if booking.completed_at:
        return _("completed")
    return _("here") if booking.checked_in_at else "–"


class Guests(ReadOnlyRows):
    """Who has booked an appointment."""

    model = Booking
    verbose_name_plural = gettext_lazy("Bookings")
    fields = ("who", "email", "phone", "seats", "state", "came", "told")
    readonly_fields = fields
    ordering = ("pk",)
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the bookings with their answers."""
        return super().get_queryset(request).prefetch_related("answers")

    @admin.display(description=gettext_lazy("name"))
    def who(self, booking: Booking) -> SafeString | str:
        """Return the name as one harmless line."""
        return isolated(booking.name)

    @admin.display(description=gettext_lazy("came"))
    def came(self, booking: Booking) -> str:
        """Return what is known of the customer's coming."""
        return attendance(booking)

    @admin.display(description=gettext_lazy("answers and notes"))
    def told(self, booking: Booking) -> SafeString | str:
        """Return the answers and notes, one per line."""
        answers = [f"{answer.asked} {answer.value}" for answer in booking.answers.all()]
        said = [text for text in (*answers, booking.notes) if text]
        return lines("\n".join(said))


class Answers(ReadOnlyRows):
    """What a customer answered."""

    model = Answer
    verbose_name_plural = gettext_lazy("Answers")
    fields = ("question_asked", "answer")
    readonly_fields = fields
    ordering = ("pk",)

    @admin.display(description=gettext_lazy("question"))
    def question_asked(self, answer: Answer) -> SafeString | str:
        """Return the question as it was asked."""
        return isolated(answer.asked, limit=300)

    @admin.display(description=gettext_lazy("answer"))
    def answer(self, answer: Answer) -> SafeString:
        """Return the answer, line by line."""
        return lines(answer.value)


class BookingPeriod(Period):
    """Bookings by when their appointment ends."""

    ends = "appointment__ends_at"


@admin.register(Booking)
class BookingAdmin(Attending[Booking]):
    """See bookings and decide about them."""

    list_display = ("when", "who", "service", "state", "came", "seats", "email", "reference")
    list_display_links = ("when", "reference")
    list_filter = (BookingPeriod, "state", "business")
    list_select_related = ("appointment__service", "appointment__business")
    search_fields = ("reference", "name", "email", "phone")
    search_help_text = gettext_lazy("A reference, a name, an address or a number.")
    ordering = ("appointment__starts_at", "pk")
    actions = ("cancel", *Attending.decisions)
    inlines = (Answers, Letters, Facts)
    fieldsets = (
        (None, {"fields": ("reference", "state", "when", "service", "appointment", "seats")}),
        (
            gettext_lazy("Customer, as given for this booking"),
            {
                "fields": (
                    "who",
                    "email",
                    "phone",
                    "zone",
                    "language",
                    "customer",
                    "noted",
                    "sms_number",
                    "agreed",
                )
            },
        ),
        (gettext_lazy("What came of it"), {"fields": ("came", "why_cancelled")}),
        (gettext_lazy("Behind it"), {"fields": ("business", "made", "ends", "public_id")}),
    )
    readonly_fields = (
        "when",
        "service",
        "who",
        "noted",
        "agreed",
        "came",
        "why_cancelled",
        "made",
        "ends",
        "public_id",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Booking]:
        """Return the bookings with their appointments."""
        related = ("appointment__service", "appointment__business", "business", "customer")
        return super().get_queryset(request).select_related(*related)

    def possible(self, row: Booking) -> set[str]:
        """Return the decisions that the booking allows."""
        starts_at = row.appointment.starts_at
        return set(decisions_about(row, starts_at=starts_at, now=timezone.now()))

    def bookings_of(self, chosen: QuerySet[Booking], state: BookingState) -> Iterable[Booking]:
        """Return the chosen bookings themselves, whatever their state: a refusal is said."""
        return chosen

    def said_of(self, row: Booking) -> tuple[object, ...]:
        """Return the reference, for whom and when."""
        return row.reference, self.who(row), self.when(row)

    @admin.action(description=gettext_lazy("Cancel…"), permissions=["change"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Booking]) -> HttpResponse | None:
        """Ask why, then cancel the chosen bookings, however late, and tell their customers."""
        words, late = cancelling(), frozenset({Override.NOTICE})

        def act(reason: str) -> None:
            now, actor = timezone.now(), actor_of(request)

            def run(row: Booking) -> object:
                return commands.cancel_booking(
                    booking=row, reason=reason, now=now, actor=actor, overrides=late
                )

            decide(request, queryset, run, done=words.done)

        return ask_or_do(self, request, queryset, words=words, said=self.said_of, act=act)

    @admin.display(description=gettext_lazy("name"), ordering="name")
    def who(self, booking: Booking) -> SafeString | str:
        """Return the name as one harmless line."""
        return isolated(booking.name)

    @admin.display(description=gettext_lazy("when"), ordering="appointment__starts_at")
    def when(self, booking: Booking) -> str:
        """Return the agreed start."""
        return wall(booking.appointment)

    @admin.display(description=gettext_lazy("service"), ordering="appointment__service__name")
    def service(self, booking: Booking) -> str:
        """Return the name of the service."""
        return booking.appointment.service.name

    @admin.display(description=gettext_lazy("came"))
    def came(self, booking: Booking) -> str:
        """Return what is known of the customer's coming."""
        return attendance(booking)

    @admin.display(description=gettext_lazy("notes"))
    def noted(self, booking: Booking) -> SafeString:
        """Return the notes, line by line."""
        return lines(booking.notes)

    @admin.display(description=gettext_lazy("agreed to text messages"))
    def agreed(self, booking: Booking) -> SafeString | str:
        """Return when, and to which words; they stay when the consent is taken back."""
        if booking.sms_consented_at is None:
            return NOTHING
        when = zoned(booking.sms_consented_at, booking.business.zone)
        return isolated(f"{when}: {booking.sms_consent}", limit=600)

    @admin.display(description=gettext_lazy("cancelled or declined because"))
    def why_cancelled(self, booking: Booking) -> SafeString | str:
        """Return the reason given."""
        return isolated(booking.cancel_reason, limit=500)

    @admin.display(description=gettext_lazy("made"))
    def made(self, booking: Booking) -> str:
        """Return when it was made."""
        return zoned(booking.created_at, booking.business.zone)

    @admin.display(description=gettext_lazy("held until"))
    def ends(self, booking: Booking) -> str:
        """Return when the hold ends, for one that is only held."""
        return zoned(booking.expires_at, booking.business.zone)
