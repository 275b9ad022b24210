"""A business with an admin's program that may do everything."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts import callers
from accounts.models import User
from accounts.scopes import Scope
from bookings.models import Business
from tests import make
from tests.faces.api.strangers import Stranger


@dataclass
class Program:
    """A program with a token, calling the API of one business."""

    user: User
    business: Business
    scopes: tuple[Scope, ...] = tuple(Scope)
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def __post_init__(self) -> None:
        _, self.token = callers.issue(
            user=self.user, name="Sync", scopes=self.scopes, expires_at=None, now=timezone.now()
        )

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Make a call; `path` begins behind the business unless it begins with a slash."""
        if not path.startswith("/"):
            path = f"/api/v1/businesses/{self.business.public_id}/{path}"
        sent = {"Authorization": f"Bearer {self.token}"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        data = "" if body is None else json.dumps(body)
        return self.client.generic(
            method, path, data=data, content_type="application/json", headers=sent
        )

    def get(self, path: str, **headers: str) -> Any:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.call("POST", path, body, **headers)

    def put(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.call("PUT", path, body, **headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> Any:
        return self.call("PATCH", path, body, **headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self.call("DELETE", path, **headers)


@pytest.fixture
def business() -> Business:
    return make.business()


@pytest.fixture
def program(business: Business) -> Program:
    return Program(make.member(business), business)


@pytest.fixture
def stranger(business: Business) -> Stranger:
    return Stranger(business)
