"""The decisions of the day, and about requests, as actions of a list and buttons of a page."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any, ClassVar, TypeVar

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings import commands
from bookings.admin.cancelling import ask_or_do, declining
from bookings.admin.periods import ALL
from bookings.admin.refusals import actor_of, decide
from bookings.admin.rows import ReadOnly
from bookings.commands import BookingDecision
from bookings.engine.policy import BookingState
from bookings.models import Booking

RowT = TypeVar("RowT", bound=Model)
BACK = "_back"
"""A page's button says by this field that it wants to see the page again."""


class Decided(ReadOnly[RowT]):
    """Rows about which one decides, in the list or on the page of one row."""

    change_form_template = "admin/bookings/decide.html"
    unfiltered: ClassVar[dict[str, str]] = {}
    """The query with which the list leaves no row out, so that every row can be decided on."""

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show a row with a button for each decision."""
        row = self.get_object(request, object_id)
        possible = self.possible(row) if row is not None else set()
        model = f"{self.opts.app_label}_{self.opts.model_name}"
        chosen = {
            "decisions": [
                (name, shown)
                for _function, name, shown in filter(None, self.get_actions(request).values())
                if name in possible
            ],
            "decisions_url": reverse(f"admin:{model}_changelist", query=self.unfiltered),
            "back": BACK,
        }
        return super().change_view(request, object_id, form_url, chosen | (extra_context or {}))

    def possible(self, row: RowT) -> set[str]:
        """Return the names of the actions that make sense for a row."""
        raise NotImplementedError

    def response_action(
        self, request: HttpRequest, queryset: QuerySet[RowT], *args: Any, **kwargs: Any
    ) -> HttpResponse | None:
        """Go back to the page of the row where its button was pressed."""
        response = super().response_action(request, queryset, *args, **kwargs)
        number = request.POST.get(BACK, "")
        if number.isascii() and number.isdigit() and isinstance(response, HttpResponseRedirect):
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", number)
        return response


class Attending(Decided[RowT]):
    """Rows with bookings: who may come, who came, who did not, what is done."""

    unfiltered = {"period": ALL}
    decisions = (
        "approve",
        "decline",
        "check_in",
        "clear_check_in",
        "complete",
        "clear_completion",
        "mark_no_show",
        "clear_no_show",
    )

    def bookings_of(self, chosen: QuerySet[RowT], state: BookingState) -> Iterable[Booking]:
        """Return the bookings that a decision about the chosen rows concerns.

        `state` is the one that they are decided from; others are refused by the command.
        """
        raise NotImplementedError

    def said_of(self, row: RowT) -> tuple[object, ...]:
        """Return what a page that asks for a reason says of a row."""
        raise NotImplementedError

    @admin.action(description=gettext_lazy("Approve the request"), permissions=["change"])
    def approve(self, request: HttpRequest, queryset: QuerySet[RowT]) -> None:
        """Confirm what customers have asked for."""
        asked = self.bookings_of(queryset, BookingState.PENDING)
        self._decide(request, asked, commands.approve, _("%(count)d approved."))

    @admin.action(description=gettext_lazy("Decline the request…"), permissions=["change"])
    def decline(self, request: HttpRequest, queryset: QuerySet[RowT]) -> HttpResponse | None:
        """Ask why, then decline what customers have asked for."""
        words = declining()

        def act(reason: str) -> None:
            asked = self.bookings_of(queryset, BookingState.PENDING)
            self._decide(request, asked, partial(commands.decline, reason=reason), words.done)

        return ask_or_do(self, request, queryset, words=words, said=self.said_of, act=act)

    @admin.action(
        description=gettext_lazy("Check in: the customer is here"), permissions=["change"]
    )
    def check_in(self, request: HttpRequest, queryset: QuerySet[RowT]) -> None:
        """Note that customers are here."""
        self._attend(request, queryset, commands.check_in, _("%(count)d checked in."))

    @admin.action(description=gettext_lazy("Take a check-in back"), permissions=["change"])
    def clear_check_in(self, request: HttpRequest, queryset: QuerySet[RowT]) -> None:
        """Take back that customers are here."""
        done = _("%(count)d check-ins taken back.")
        self._attend(request, queryset, commands.clear_check_in, done)

    @admin.action(description=gettext_lazy("Complete: it is done"), permissions=["change"])
    def complete(self, request: HttpRequest, queryset: QuerySet[RowT]) -> None:
        """Note that appointments are done."""
        self._attend(request, queryset, commands.complete, _("%(count)d completed."))

    @admin.action(description=gettext_lazy("Not done after all"), permissions=["change"])
    def clear_completion(self, request: HttpRequest, queryset: QuerySet[RowT]) -> None:
        """Take back that appointments are done."""
        done = _("%(count)d are not done after all.")
        self._attend(request, queryset, commands.clear_completion, done)

    @admin.action(description=gettext_lazy("No-show: nobody came"), permissions=["change"])
    def mark_no_show(self, request: HttpRequest, queryset: QuerySet[RowT]) -> None:
        """Note that customers did not come."""
        self._attend(request, queryset, commands.mark_no_show, _("%(count)d marked as no-show."))

    @admin.action(description=gettext_lazy("Take a no-show back"), permissions=["change"])
    def clear_no_show(self, request: HttpRequest, queryset: QuerySet[RowT]) -> None:
        """Take no-shows back."""
        self._attend(request, queryset, commands.clear_no_show, _("%(count)d no-shows taken back."))

    def _attend(
        self, request: HttpRequest, chosen: QuerySet[RowT], command: BookingDecision, done: str
    ) -> None:
        coming = self.bookings_of(chosen, BookingState.CONFIRMED)
        self._decide(request, coming, command, done)

    def _decide(
        self, request: HttpRequest, bookings: Iterable[Booking], command: BookingDecision, done: str
    ) -> None:
        now, actor = timezone.now(), actor_of(request)

        def run(booking: Booking) -> object:
            return command(booking=booking, now=now, actor=actor)

        decide(request, bookings, run, done=done)
