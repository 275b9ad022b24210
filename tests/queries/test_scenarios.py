"""The situations on real rows: what is offered, and what the commands make of it."""

from __future__ import annotations

import pytest

from tests.scenarios.cases import Case, cases, instant, instants, title
from tests.scenarios.rows import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("case", cases("starts"), ids=title)
def test_the_starts_offered_are(case: Case) -> None:
    found = World(case).starts()
    if "first" in case:
        assert found[:1] == [instant(text) for text in [case["first"]] if text]
    else:
        assert found == instants(case["starts"])


@pytest.mark.parametrize("case", cases("steps"), ids=title)
def test_the_steps_lead_to(case: Case) -> None:
    world = World(case)
    for step in case["steps"]:
        world.play(step)
