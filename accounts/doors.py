"""Who a page is for. Every view says it; the portal does not start with one that does not."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from accounts.roles import Capability

ViewT = TypeVar("ViewT", bound=Callable[..., Any])


class Door(StrEnum):
    """Those a page is for where no capability in one business decides."""

    PUBLIC = "everybody"
    LINK = "whoever holds the secret link"
    SIGNED_IN = "whoever is signed in"
    OFFICE = "whoever administers a business"
    PROGRAM = "programs with an access token; each operation says what else they need"


def opens_to(door: Door | Capability) -> Callable[[ViewT], ViewT]:
    """Return a decorator that writes on a view whom it is for.

    It only declares; the view, or a decorator that calls this, keeps everybody else out.
    """

    def declare(view: ViewT) -> ViewT:
        vars(view)["door"] = door
        return view

    return declare


def door_of(view: Callable[..., Any]) -> Door | Capability | None:
    """Return whom a view is for, None where nobody has decided it."""
    door = getattr(view, "door", None)
    return door if isinstance(door, Door | Capability) else None
