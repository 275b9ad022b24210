"""As much of a browser as a race needs: cookies, forms, and one request after the other."""

from __future__ import annotations

import http.client
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit

Answer = dict[str, Any]
"""Plain values, for they cross processes: status, location, cookies, and the fields of the form."""


class _Form(HTMLParser):
    """The hidden fields of the page's POST forms."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "input" and given.get("type") == "hidden" and given.get("name"):
            self.fields[str(given["name"])] = given.get("value") or ""


def get(*, url: str, cookies: dict[str, str] | None = None) -> Answer:
    """Look at a page."""
    return _request("GET", url, cookies or {}, None)


def post(*, url: str, cookies: dict[str, str], fields: dict[str, str]) -> Answer:
    """Send a form, with the header that says where it came from."""
    return _request("POST", url, cookies, urlencode(fields))


def _request(method: str, url: str, cookies: dict[str, str], body: str | None) -> Answer:
    where = urlsplit(url)
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    if body is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        headers["Origin"] = f"{where.scheme}://{where.netloc}"
    web = http.client.HTTPConnection(str(where.hostname), where.port, timeout=120)
    try:
        web.request(method, f"{where.path}?{where.query}", body, headers)
        response = web.getresponse()
        form = _Form()
        form.feed(response.read().decode())
        set_ = SimpleCookie()
        for line in response.headers.get_all("Set-Cookie", []):
            set_.load(line)
        return {
            "status": response.status,
            "location": response.headers["Location"],
            "cookies": cookies | {name: morsel.value for name, morsel in set_.items()},
            "fields": form.fields,
        }
    finally:
        web.close()
