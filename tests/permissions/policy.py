"""The policy file: whom each verb of each route lets in."""

from __future__ import annotations

import tomllib
from pathlib import Path

from portal.routes import Route
from tests.permissions.verbs import verbs_of

FILE = Path(__file__).with_name("policy.toml")

ACTORS = (
    "anonymous",
    "wrong_link",
    "right_link",
    "disabled",
    "nobody",
    "guest",
    "viewer",
    "scheduler",
    "team_own",
    "team_other",
    "admin",
    "admin_stray",
    "admin_without_mfa",
    "foreign_team",
    "foreign_admin",
    "superuser",
)
"""Who knocks. `team_own` and `team_other` are one team member at their own and at a colleague's
rows; `admin_stray` puts another business's rows into the addresses of their own business."""


class Policy:
    """Who is let in where; whoever is not named is kept out.

    `closed` has the routes of which the file says why a verb of theirs lets nobody in.
    """

    def __init__(self, text: str) -> None:
        read = tomllib.loads(text)
        self.groups: dict[str, list[str]] = read.pop("groups")
        self.closed: set[str] = {name for name, row in read.items() if row.pop("because", "")}
        self.rows: dict[str, dict[str, frozenset[str]]] = {
            name: {verb: self._actors(who) for verb, who in row.items()}
            for name, row in read.items()
        }

    def allowed(self, route: Route, verb: str) -> frozenset[str] | None:
        """Return who is let in, or None where nobody has decided it."""
        row = self.rows.get(route.name, {})
        return row.get(verb, row.get("*"))

    def undecided(self, routes: list[Route]) -> list[str]:
        """Return the verbs of routes that have no row."""
        return [
            f"{route.name} {verb}"
            for route in routes
            for verb in verbs_of(route)
            if self.allowed(route, verb) is None
        ]

    def stale(self, routes: list[Route]) -> list[str]:
        """Return the rows, and verbs in rows, that no route has."""
        verbs = {route.name: set(verbs_of(route)) for route in routes}
        return [
            f"{name} {verb}"
            for name, row in self.rows.items()
            for verb in row
            if name not in verbs or (verb != "*" and verb not in verbs[name])
        ]

    def _actors(self, words: str) -> frozenset[str]:
        found: set[str] = set()
        for word in words.split():
            named = self.groups.get(word, [word])
            assert set(named) <= set(ACTORS), f"{word} is no actor and no group"
            found |= set(named)
        return frozenset(found)
