"""A browser without a screen: opens a page of the admin, fills its form in and sends it."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

from django.db.models import Model
from django.test import Client


class Form(HTMLParser):
    """What a browser would send of the page's main form, as it was served."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.values: dict[str, str | list[str]] = {}
        self._select = self._textarea = ""
        self._options: list[tuple[str, bool]] = []
        self._inside = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a field, as far as it is in the main form."""
        each = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = each.get("id", "").endswith("_form")
        name = each.get("name", "")
        if tag == "option" and self._select:
            self._options.append((each.get("value", ""), "selected" in each))
        if not self._inside or not name or "__prefix__" in name:
            return
        if tag == "select":
            self._select, self._options = name, []
        elif tag == "textarea":
            self._textarea, self.values[name] = name, ""
        elif tag == "input" and each.get("type") not in ("submit", "checkbox"):
            self.values[name] = each.get("value", "")
        elif tag == "input" and each.get("type") == "checkbox" and "checked" in each:
            self.values[name] = each.get("value", "on")

    def handle_data(self, data: str) -> None:
        """Note what stands in a text area."""
        if self._textarea:
            self.values[self._textarea] = data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        """Note what is chosen in a select."""
        if tag == "textarea":
            self._textarea = ""
        if tag == "select" and self._select:
            chosen = [value for value, is_chosen in self._options if is_chosen]
            offered = [value for value, _ in self._options]
            self.values[self._select] = [*chosen, *offered, ""][0]
            self._select = ""


def change(row: Model) -> str:
    """Return the address of the page on which a row is changed."""
    return f"/admin/bookings/{type(row).__name__.lower()}/{row.pk}/change/"


def rows(prefix: str, *values: dict[str, object], first: int = 0) -> dict[str, object]:
    """Return the fields of new rows of an inline, from number `first` on."""
    total = {f"{prefix}-TOTAL_FORMS": first + len(values)}
    return total | {
        f"{prefix}-{number}-{name}": value
        for number, row in enumerate(values, start=first)
        for name, value in row.items()
    }


def send(office: Client, address: str, **changes: object) -> Any:
    """Open a page, change fields of its form (by name, None empties) and send it."""
    page = office.get(address)
    assert page.status_code == 200
    values = Form(page.content.decode()).values | changes
    return office.post(
        address, {name: v for name, v in values.items() if v is not None}, follow=True
    )


def errors(page: Any) -> list[str]:
    """Return the sentences with which a page refuses what was sent, in reading order."""
    if "adminform" not in page.context:
        return []
    found = [each for listed in page.context["adminform"].form.errors.values() for each in listed]
    for inline in page.context["inline_admin_formsets"]:
        found += inline.formset.non_form_errors()
        found += [
            e for form in inline.formset.forms for listed in form.errors.values() for e in listed
        ]
    return [str(each) for each in found]


def told(page: Any) -> list[str]:
    """Return the messages above a page."""
    return [str(message) for message in page.context["messages"]]
