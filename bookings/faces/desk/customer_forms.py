"""What staff type about a customer."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from zoneinfo import available_timezones

from django import forms
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bookings.commands import Contact
from bookings.commands.contact import NAME_LIMIT, NOTES_LIMIT
from bookings.commands.customers import FIELDS
from bookings.faces.typed import TypedForm, line, text
from bookings.models import Customer
from bookings.models.languages import language_choices


class _Written(TypedForm):
    """Fields of a customer, each beside what the page showed when it was opened."""

    def __init__(
        self, data: Mapping[str, object] | None = None, *, shown: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(data)
        self.initial = dict(shown or {})

    @property
    def was(self) -> dict[str, str]:
        """Return the names of the hidden fields, and what they say had been shown."""
        return {f"was-{name}": self.initial.get(name, "") for name in self.fields}

    @property
    def seen(self) -> dict[str, str]:
        """Return what the page that was sent had shown, by field."""
        return {name: str(self.data.get(f"was-{name}", "")) for name in self.fields}

    @property
    def all_typed(self) -> dict[str, str]:
        """Return what was typed, by field."""
        return {name: self.typed(name) for name in self.fields}


class CustomerForm(_Written):
    """All that staff write about a customer."""

    needed = frozenset({"name"})

    def __init__(
        self, data: Mapping[str, object] | None = None, *, shown: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(data, shown=shown)
        self.fields["name"] = line(_("Name"), "text", autocomplete="off", maxlength=NAME_LIMIT)
        self.fields["email"] = line(_("E-mail"), "email", autocomplete="off")
        self.fields["phone"] = line(_("Phone"), "tel", autocomplete="off")
        self.fields["zone"] = line(_("Time zone"), "text", autocomplete="off", list="zones")
        self.fields["zone"].help_text = _("Such as Europe/Berlin; empty where it is not known.")
        self.fields["language"] = _choice(
            _("Language"), language_choices(self.initial.get("language", ""))
        )
        self.fields["language"].help_text = _("Of the letters about bookings made from now on.")
        self.fields["notes"] = text(_("Notes"), NOTES_LIMIT)
        self.fields["notes"].help_text = _("Only staff read them.")

    @property
    def contact(self) -> Contact:
        """Return a new customer, as typed."""
        return Contact(**self.all_typed)


class NotesForm(_Written):
    """The notes alone, on the customer's page."""

    needed = frozenset({"notes"})

    def __init__(
        self, data: Mapping[str, object] | None = None, *, shown: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(data, shown=shown)
        self.fields["notes"] = text(_("Notes"), NOTES_LIMIT)
        self.fields["notes"].help_text = _("Only staff read them.")


def shown_of(customer: Customer) -> dict[str, str]:
    """Return what the forms show of a customer, by field."""
    return {name: getattr(customer, name) for name in FIELDS}


def _choice(label: str, choices: list[tuple[str, str]]) -> forms.Field:
    """Return a field for one of several values."""
    return forms.Field(label=label, required=False, widget=forms.Select(choices=choices))


@lru_cache(maxsize=1)
def zone_options() -> SafeString:
    """Return the names of all time zones as options of a list."""
    return format_html_join("", '<option value="{}">', ((name,) for name in _zones()))


def _zones() -> list[str]:
    return sorted(name for name in available_timezones() if "/" in name and "Etc" not in name)
