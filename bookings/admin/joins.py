"""What is attached to what, within one business: people to services, questions to services."""

from __future__ import annotations

from functools import cached_property
from itertools import groupby
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.admin.rows import Inline, RowsBeneath, business_of
from bookings.models import Resource, ServiceQuestion, ServiceResource


class JoinFormSet(RowsBeneath):
    """Rows that join their parent to something of the same business, the field `joined`."""

    joined: ClassVar[str]

    @cached_property
    def listed(self) -> list[Any]:
        """The choices, read with one query for all rows; grouped where rows have kinds."""
        rows = list(self.form.base_fields[self.joined].queryset)
        if not any(isinstance(row, Resource) for row in rows):
            return [("", "–"), *((row.pk, str(row)) for row in rows)]
        groups = groupby(rows, key=lambda row: row.get_kind_display())
        return [("", "–"), *((kind, [(row.pk, str(row)) for row in of]) for kind, of in groups)]

    def add_fields(self, form: Any, index: int | None) -> None:
        """Give a row its fields, and the choices that all rows share."""
        super().add_fields(form, index)
        form.fields[self.joined].widget.choices = self.listed

    def clean(self) -> None:
        """Refuse what belongs to another business."""
        super().clean()
        for form in self.forms:
            chosen = getattr(form, "cleaned_data", {}).get(self.joined)
            if chosen is not None and chosen.business_id != self.instance.business_id:
                raise ValidationError(
                    _("“%(name)s” belongs to another business.") % {"name": chosen}
                )


class Joins(Inline):
    """Joins beneath their parent."""

    formset: type[JoinFormSet]
    sorted_by: ClassVar[tuple[str, ...]]
    classes = ("plain",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        """Return the joins with both of their ends."""
        ends = (self.formset.joined, self.fk_name or "service")
        found: QuerySet[Model] = super().get_queryset(request).select_related(*ends)
        return found

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """Return the formset, its choices kept to the business."""
        made = super().get_formset(request, obj, **kwargs)
        business = obj.business_id if obj is not None else business_of(request)
        field: Any = made.form.base_fields[self.formset.joined]
        field.queryset = field.queryset.filter(business=business).order_by(*self.sorted_by)
        field.error_messages["invalid_choice"] = _("Choose something of the same business.")
        return made


class StaffFormSet(JoinFormSet):
    """Staff, rooms and equipment of a service."""

    joined = "resource"


class Staff(Joins):
    """Who gives a service, and where."""

    model = ServiceResource
    formset = StaffFormSet
    fk_name = "service"
    fields = ("resource", "priority")
    ordering = ("priority", "pk")
    sorted_by = ("-kind", "name")
    verbose_name = gettext_lazy("person or room")
    verbose_name_plural = gettext_lazy("Staff, rooms and equipment")


class ServicesFormSet(JoinFormSet):
    """Services of a person or room."""

    joined = "service"


class Services(Joins):
    """What a person or room is there for."""

    model = ServiceResource
    formset = ServicesFormSet
    fk_name = "resource"
    fields = ("service", "priority")
    ordering = ("service__name",)
    sorted_by = ("name",)
    verbose_name = gettext_lazy("service")
    verbose_name_plural = gettext_lazy("Services")


class AskedFormSet(JoinFormSet):
    """Questions of a service."""

    joined = "question"


class Asked(Joins):
    """What a service asks its customers."""

    model = ServiceQuestion
    formset = AskedFormSet
    fk_name = "service"
    fields = ("question", "is_required", "position")
    ordering = ("position", "pk")
    sorted_by = ("text",)
    verbose_name = gettext_lazy("question")
    verbose_name_plural = gettext_lazy("Questions to the customer")


class AskingFormSet(JoinFormSet):
    """Services that ask a question."""

    joined = "service"


class Asking(Joins):
    """Which services ask a question."""

    model = ServiceQuestion
    formset = AskingFormSet
    fk_name = "question"
    fields = ("service", "is_required", "position")
    ordering = ("service__name",)
    sorted_by = ("name",)
    verbose_name = gettext_lazy("service")
    verbose_name_plural = gettext_lazy("Services that ask it")
