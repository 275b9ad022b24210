"""The whole matrix: every cell tried, every broken promise in a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from portal.routes import Route
from tests.permissions.policy import ACTORS, Policy
from tests.permissions.verbs import verbs_of
from tests.permissions.walk import Answer, knock
from tests.permissions.world import COLLEAGUE, FOREIGN, World

OF_ANOTHER_HOUSE = {"foreign_team", "foreign_admin", "superuser"}
"""Actors who may read the other business's words: it is theirs."""


@dataclass
class Matrix:
    """What was tried, and what was wrong."""

    cells: int = 0
    wrong: list[str] = field(default_factory=list)
    answered: set[tuple[str, str]] = field(default_factory=set)
    kept_out: set[tuple[str, str]] = field(default_factory=set)

    def without_control(self) -> list[str]:
        """Return the verbs that keep somebody out, but answer nobody else either.

        A view that was reached and does not take the verb has answered.
        """
        return sorted(f"{name} {verb}" for name, verb in self.kept_out - self.answered)


def tried(world: World, policy: Policy, routes: Iterable[Route], *, verbs: Iterable[str]) -> Matrix:
    """Return the matrix of the routes: each verb of each of them, tried by every actor."""
    matrix = Matrix()
    for route in routes:
        for verb in set(verbs_of(route)) & set(verbs):
            allowed = policy.allowed(route, verb) or frozenset()
            for actor in ACTORS:
                if _is_other_actor_here(world, route, actor):
                    continue
                answer = knock(world.client(actor, route), world.knock(route, verb, actor))
                matrix.cells += 1
                expected = actor in allowed
                seen = matrix.kept_out if answer.is_let_in is False else matrix.answered
                seen.add((route.name, verb))
                said = _what_is_wrong(answer, actor, expected=expected)
                matrix.wrong += [f"{verb} {route.name} by {actor}: {each}" for each in said]
    return matrix


def _is_other_actor_here(world: World, route: Route, actor: str) -> bool:
    """Say whether an actor does at a route exactly what another one does."""
    if actor == "team_other":
        return not world.rows_of(route)
    if actor == "admin_stray":
        return not world.names_a_row(route)
    return actor in ("right_link", "wrong_link") and not world.is_link(route)


def _what_is_wrong(answer: Answer, actor: str, *, expected: bool) -> list[str]:
    wrong = []
    if answer.status >= 500:
        wrong.append(f"answered {answer.status}")
    if answer.is_let_in and not expected:
        wrong.append(f"was let in ({answer.status})")
    if expected and answer.is_let_in is False:
        wrong.append(f"was kept out ({answer.status})")
    if not answer.is_let_in and answer.rows:
        wrong.append(f"was kept out, but {answer.rows} rows changed")
    if FOREIGN in answer.text.lower() and actor not in OF_ANOTHER_HOUSE:
        wrong.append("read words of another business")
    if COLLEAGUE in answer.text.lower() and actor.startswith("team_"):
        wrong.append("read words of a colleague's customers")
    return wrong
