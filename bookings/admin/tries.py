"""The tries of a message, and what was said to each."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from bookings.admin.rows import ReadOnlyRows
from bookings.admin.show import NOTHING, line, zoned
from bookings.models import Attempt


class Tries(ReadOnlyRows):
    """Every try of a message in the last thirty days."""

    model = Attempt
    verbose_name_plural = gettext_lazy("Tries")
    fields = ("number", "when", "took", "status", "said")
    readonly_fields = fields
    ordering = ("pk",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the tries with the business, in whose zone they are shown."""
        return super().get_queryset(request).select_related("message__business")

    @admin.display(description=gettext_lazy("when"))
    def when(self, row: Attempt) -> str:
        """Return when it began, in the zone of the business."""
        return zoned(row.at, row.message.business.zone)

    @admin.display(description=gettext_lazy("took"))
    def took(self, row: Attempt) -> str:
        """Return how long it took."""
        return f"{row.took_ms} ms"

    @admin.display(description=gettext_lazy("said"))
    def said(self, row: Attempt) -> str:
        """Return why it failed and the beginning of the answer."""
        both = " – ".join(part for part in (row.error, row.answer) if part)
        return line(both, 300) or NOTHING
