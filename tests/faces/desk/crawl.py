"""The desk as a browser meets it: every page that links lead to, and the forms on them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.test import Client
from django.urls import resolve

BUTTONS = ("submit", "button", "image", "reset")


@dataclass
class Form:
    """A form of a page: where and how it is sent, and its fields as a browser would send them.

    `buttons` are those that say something of their own.
    """

    action: str
    verb: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    @property
    def route(self) -> str:
        """Return the name of the route it is sent to."""
        return resolve(urlsplit(self.action).path).view_name

    @property
    def names(self) -> list[str]:
        """Return the names of its fields and buttons, each once."""
        return list(dict.fromkeys(name for name, _value in (*self.fields, *self.buttons)))


class Page(HTMLParser):
    """The links and forms of a page; `is_evil` where a tag of it is what somebody typed."""

    def __init__(self, address: str, text: str) -> None:
        super().__init__()
        self.address = address
        self.text = text
        self.is_evil = False
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._select = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a link, a form or a field."""
        said = {name: value or "" for name, value in attrs}
        self.is_evil = self.is_evil or "data-evil" in said
        if "href" in said and tag == "a":
            self.links.append(urljoin(self.address, said["href"]))
        if tag == "form":
            action = urljoin(self.address, said.get("action") or self.address)
            self.forms.append(Form(action, said.get("method", "get").upper()))
        if self.forms and said.get("name"):
            self._note(tag, said)

    def _note(self, tag: str, said: dict[str, str]) -> None:
        form, name, value = self.forms[-1], said["name"], said.get("value", "")
        if tag == "button" or said.get("type") in BUTTONS:
            form.buttons.append((name, value))
        elif tag in ("input", "textarea", "select"):
            kind = said.get("type", "")
            if kind in ("radio", "checkbox") and "checked" not in said:
                value = ""
            form.fields.append((name, value))


def crawled(client: Client, start: str) -> Iterator[Page]:
    """Yield the pages that links lead to from one, one page of each route, as deep as they go."""
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        address = waiting.pop(0)
        path = urlsplit(address).path
        if not path.startswith("/desk/") or (name := resolve(path).view_name) in seen:
            continue
        seen.add(name)
        response = client.get(address)
        if (
            not response.get("Content-Type", "").startswith("text/html")
            or response.status_code != 200
        ):
            continue
        page = Page(address, response.content.decode())
        yield page
        waiting += page.links
