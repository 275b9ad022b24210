"""What the admin pages of all rows share: fields, and the business that a row belongs to."""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar
from weakref import WeakKeyDictionary

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from bookings.admin.durations import DurationField
from bookings.admin.scope import Scoped, own_filters, scope_of
from bookings.admin.zones import ZoneSelect
from bookings.engine.text import clean_line, clean_text
from bookings.models import Business

RowT = TypeVar("RowT", bound=models.Model)


class LineField(forms.CharField):
    """One line of text without control and direction-changing characters."""

    def to_python(self, value: Any) -> Any:
        """Return the line, clean."""
        text = super().to_python(value)
        return clean_line(text) if isinstance(text, str) else text


class TextField(forms.CharField):
    """Several lines of text without control and direction-changing characters."""

    def to_python(self, value: Any) -> Any:
        """Return the lines, clean."""
        text = super().to_python(value)
        return clean_text(text) if isinstance(text, str) else text


DATE = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
TIME = forms.TimeInput(format="%H:%M", attrs={"type": "time"})

FIELDS: dict[type[models.Field[Any, Any]], dict[str, Any]] = {
    models.DurationField: {"form_class": DurationField},
    models.CharField: {
        "form_class": LineField,
        "widget": admin.widgets.AdminTextInputWidget,
    },
    models.TextField: {
        "form_class": TextField,
        "widget": admin.widgets.AdminTextareaWidget(attrs={"rows": 4}),
    },
    models.URLField: {"assume_scheme": "https", "widget": admin.widgets.AdminURLFieldWidget},
    models.SlugField: {"widget": admin.widgets.AdminTextInputWidget},
    models.DateField: {"widget": DATE},
    models.TimeField: {"widget": TIME},
}
"""How each kind of column is asked for, in pages and inlines."""


class Listed(Scoped[RowT], admin.ModelAdmin[RowT]):
    """A list headed by what is in it; where there is one business, it is not named in it."""

    list_per_page = 50
    empty_value_display = "–"

    def get_list_display(self, request: HttpRequest) -> Any:
        """Return the columns."""
        columns = super().get_list_display(request)
        if "business" in columns and business_of(request) is not None:
            return [name for name in columns if name != "business"]
        return columns

    def get_list_filter(self, request: HttpRequest) -> Any:
        """Return the filters; none names a row of a business that is not one's own."""
        return own_filters(self.opts, super().get_list_filter(request))

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the list."""
        heading = {"title": capfirst(self.opts.verbose_name_plural)}
        return super().changelist_view(request, heading | (extra_context or {}))


class Rows(Listed[RowT]):
    """A page per kind of row; a row that belongs to a business stays with it."""

    formfield_overrides = FIELDS

    def formfield_for_dbfield(
        self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Return how a column is asked for: a zone from a list, others without ways to them."""
        if db_field.name == "zone":
            kwargs["widget"] = ZoneSelect
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        is_fixed = db_field.name in ("business", "user")
        if is_fixed and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget
        return field

    def get_readonly_fields(self, request: HttpRequest, obj: RowT | None = None) -> Any:
        """Return what cannot be changed; a row never moves to another business."""
        fixed = tuple(super().get_readonly_fields(request, obj))
        return (*fixed, "business") if obj is not None and self._has_business else fixed

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Return what a new row starts with: the only business there is, in the first place."""
        initial: dict[str, Any] = dict(super().get_changeform_initial_data(request))
        if self._has_business:
            business = business_of(request)
            initial["business"] = business.pk if business else None
        return initial

    @property
    def _has_business(self) -> bool:
        return any(field.name == "business" for field in self.opts.fields)


class OwnForm(forms.ModelForm[Any]):
    """A form whose row belongs to a business, also where the page shows it as fixed.

    Unique names are then still checked against the other rows of the business.
    """

    def _get_validation_exclusions(self) -> set[str]:
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded - {"business"} if self.instance.business_id else excluded


class ReadOnly(Listed[RowT]):
    """Rows that commands write: the admin shows them; actions need the right to change."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: a command makes the row."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: RowT | None = None) -> bool:
        """Refuse: history stays."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: RowT | None = None) -> bool:
        """Refuse for a row in a form; the list asks without one, for its actions."""
        return obj is None and super().has_change_permission(request)


class RowsBeneath(forms.BaseInlineFormSet[Any, Any, Any]):
    """Rows beneath another; numbers of rows that are elsewhere, or gone, are refused."""

    def clean(self) -> None:
        """Refuse to change what is not beneath this row."""
        super().clean()
        if any(form.instance.pk is None for form in self.initial_forms):
            raise ValidationError(_("Something here was removed meanwhile. Open the page again."))


class Inline(Scoped[Any], admin.TabularInline[Any, Any]):
    """Rows beneath another, in a table."""

    formset: type[RowsBeneath] = RowsBeneath
    formfield_overrides: ClassVar[Any] = FIELDS
    extra = 0


class ReadOnlyRows(Inline):
    """Rows beneath another that can be seen only."""

    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: a command makes the row."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: a command changes the row."""
        return False


def business_of(request: HttpRequest) -> Business | None:
    """Return the business that a new row is for: named in the address, or the only one.

    Only one that is administered by who asks.
    Cost: one query, the first time in a request.
    """
    if request not in _known:
        named = request.GET.get("business", "")
        own = scope_of(request).rows(Business.objects.all())
        if named.isascii() and named.isdigit() and len(named) < 18:
            found = list(own.filter(pk=named))
        else:
            found = list(own[:2])
        _known[request] = found[0] if len(found) == 1 else None
    return _known[request]


_known: WeakKeyDictionary[HttpRequest, Business | None] = WeakKeyDictionary()
