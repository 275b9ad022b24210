"""A page or program that nobody knows, calling the public part of the API."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.test import Client

from bookings.models import Business, Service


@dataclass
class Stranger:
    """Calls for one business, from one address."""

    business: Business
    address: str = "203.0.113.7"
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Make a call; `path` begins behind the business unless it begins with a slash."""
        path = path.removeprefix("http://localhost:8000")
        if not path.startswith("/"):
            path = f"/api/v1/public/businesses/{self.business.slug}/{path}"
        return self.client.generic(
            method,
            path,
            data="" if body is None else json.dumps(body),
            content_type="application/json",
            headers={name.replace("_", "-"): value for name, value in headers.items()},
            REMOTE_ADDR=self.address,
        )

    def get(self, path: str, **headers: str) -> Any:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.call("POST", path, body, **headers)

    def starts(self, path: str) -> list[str]:
        """Return the free starts of Tuesday, 4 March 2031, of a service, hold or booking."""
        answer = self.get(f"{path}starts/?first_day=2031-03-04&last_day=2031-03-04")
        assert answer.status_code == 200, answer.content
        return [each["starts_at"] for each in answer.json()["starts"]]

    def hold(self, service: Service, at: datetime, **fields: object) -> Any:
        """Ask for a hold."""
        return self.post("holds/", {"service": service.slug, "starts_at": at.isoformat(), **fields})

    def held(self, service: Service, at: datetime, **fields: object) -> str:
        """Hold a time that is free; return the token."""
        answer = self.hold(service, at, **fields)
        assert answer.status_code == 201, answer.content
        return str(answer.json()["token"])

    def book(self, hold: str, answers: Any = None, **contact: object) -> Any:
        """Ask for a booking of what is held."""
        who = {"name": "Anna Berg", "email": "anna@example.org"} | contact
        return self.post(
            "bookings/", {"hold_token": hold, "contact": who, "answers": answers or {}}
        )

    def booked(self, service: Service, at: datetime, **contact: object) -> str:
        """Book a time that is free; return the token."""
        answer = self.book(self.held(service, at), **contact)
        assert answer.status_code == 201, answer.content
        return str(answer.json()["token"])
