"""Questions to customers."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from bookings.admin.joins import Asking
from bookings.admin.rows import OwnForm, Rows, business_of
from bookings.models import Question, ServiceQuestion


@admin.register(Question)
class QuestionAdmin(Rows[Question]):
    """Set up a question; services then ask it as required or optional."""

    form = OwnForm
    list_display = ("text", "kind", "business", "services")
    list_filter = ("kind", "business")
    list_select_related = ("business",)
    search_fields = ("text",)
    ordering = ("business__name", "text")
    autocomplete_fields = ("business",)
    fields = ("business", "text", "kind", "choices")

    def get_inlines(self, request: HttpRequest, obj: Question | None) -> Any:
        """Return the services that ask it, once the business is known."""
        return (Asking,) if obj is not None or business_of(request) is not None else ()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Question]:
        """Return the questions with the services that ask them."""
        asked = ServiceQuestion.objects.select_related("service").order_by("service__name")
        return super().get_queryset(request).prefetch_related(Prefetch("asked_by", asked))

    @admin.display(description=gettext_lazy("asked by"))
    def services(self, question: Question) -> str:
        """Return the names of the services that ask it."""
        return ", ".join(ask.service.name for ask in question.asked_by.all())
