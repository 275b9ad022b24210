"""A program that calls the API over HTTP: once, or again and again until it is answered."""

from __future__ import annotations

import http.client
import json
import time
from typing import Any
from urllib.parse import urlsplit

Said = dict[str, Any]
"""Plain values, for they cross processes: status, headers in small letters, body."""


def call(
    *,
    url: str,
    token: str,
    body: object = None,
    key: str = "",
    seen: str = "",
    method: str = "POST",
) -> Said:
    """Make one call on a connection of its own; `seen` is sent as If-Match."""
    where = urlsplit(url)
    sent = {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json",
        "Idempotency-Key": key,
        "If-Match": seen,
    }
    headers = {name: value for name, value in sent.items() if value}
    web = http.client.HTTPConnection(str(where.hostname), where.port, timeout=120)
    try:
        query = f"?{where.query}" if where.query else ""
        data = None if body is None else json.dumps(body)
        web.request(method, where.path + query, data, headers)
        response = web.getresponse()
        return {
            "status": response.status,
            "headers": {name.lower(): value for name, value in response.getheaders()},
            "body": response.read().decode(),
        }
    finally:
        web.close()


def look_then_book(*, starts: str, url: str, token: str, body: dict[str, Any]) -> Said:
    """Book a time after a look at what is free; the answer says whether it was (`free`)."""
    looked = json.loads(call(url=starts, token=token, method="GET")["body"])
    wanted = body["starts_at"].replace("+00:00", "Z")
    is_free = wanted in {each["starts_at"] for each in looked["starts"]}
    return call(url=url, token=token, body=body) | {"free": is_free}


def call_until_answered(*, url: str, token: str, body: object, key: str) -> Said:
    """Make the same call until the portal decides it; `met` says what it met before.

    No answer, a portal that is away and a call that is still under way are reasons to repeat it.
    """
    met: list[str] = []
    while True:
        try:
            said = call(url=url, token=token, body=body, key=key)
        except (OSError, http.client.HTTPException) as error:
            met.append(type(error).__name__)
        else:
            if not _is_open(said):
                return said | {"met": met}
            met.append(said["body"])
        time.sleep(0.02)


def _is_open(said: Said) -> bool:
    return said["status"] == 503 or (
        said["status"] == 409 and json.loads(said["body"])["code"] == "under_way"
    )
