"""What a service says by itself before and after its appointments, beneath the service."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.admin.durations import in_words
from bookings.admin.rows import Inline, RowsBeneath
from bookings.models import Reminder, Service
from bookings.models.reminder import MOST_REMINDERS, told_twice


class ReminderForm(forms.ModelForm[Reminder]):
    """Ask for one rule; a new row counts as soon as it says when, as it does unless emptied."""

    def has_changed(self) -> bool:
        """Say whether there is something to save."""
        if self.instance.pk is None and self.is_bound:
            return bool(str(self.data.get(self.add_prefix("offset"), "")).strip())
        return super().has_changed()


class ReminderFormSet(RowsBeneath):
    """The rules of a service."""

    def clean(self) -> None:
        """Refuse too many rules, and two that would tell somebody the same twice."""
        super().clean()
        kept = [
            form
            for form in self.forms
            if form not in self.deleted_forms and getattr(form, "cleaned_data", None)
        ]
        if len(kept) > MOST_REMINDERS:
            raise ValidationError(_("A service has at most ten reminders and follow-ups."))
        if twice := told_twice(form.instance for form in kept if not form.errors):
            raise ValidationError(
                _("Two of these tell somebody the same thing at the same time: %(when)s.")
                % {"when": in_words(twice)}
            )


class Reminders(Inline):
    """Reminders, questions whether they will come, and follow-ups of a service, one by one."""

    model = Reminder
    form = ReminderForm
    formset = ReminderFormSet
    template = "admin/edit_inline/stacked.html"
    fields = (("kind", "offset"), ("recipients", "channel"), "text")
    ordering = ("kind", "-offset", "pk")
    verbose_name = gettext_lazy("reminder or follow-up")
    verbose_name_plural = gettext_lazy(
        "Reminders and follow-ups (staff get e-mail, customers text messages where they agreed)"
    )
    classes = ("plain",)

    def get_extra(self, request: HttpRequest, obj: Service | None = None, **kwargs: Any) -> int:
        """Return how many rows are offered: a new service starts with a reminder."""
        return 1 if obj is None else 0
