"""The filter of lists by time: what is still to come is what one wants to see first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

ALL = "all"


class Period(admin.SimpleListFilter):
    """Coming (also what is going on now), past, or all; `ends` is the column that decides."""

    title = _("time")
    parameter_name = "period"
    ends: ClassVar[str]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the periods beside the coming one, which is the default."""
        return [("past", _("Past")), (ALL, _("All"))]

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        """Yield the periods for the side bar."""
        for value, shown in [(None, _("Coming")), *self.lookup_choices]:
            yield {
                "selected": self.value() == value,
                "query_string": changelist.get_query_string(
                    {self.parameter_name: value} if value else {},
                    [] if value else [self.parameter_name],
                ),
                "display": shown,
            }

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows of the period."""
        now = timezone.now()
        match self.value():
            case None:
                return queryset.filter(**{f"{self.ends}__gt": now})
            case "past":
                return queryset.filter(**{f"{self.ends}__lte": now})
        return queryset
