"""The table of roles: what the README shows, and what was promised."""

from __future__ import annotations

from pathlib import Path

import pytest

from accounts.roles import TABLE, Capability, Reach, Role, may, reach

README = Path(__file__).parents[2] / "README.md"
SHOWN = {Reach.NONE: "–", Reach.OWN: "own", Reach.ANY: "yes"}


def rows() -> list[str]:
    """Return the table's lines as the README shows them."""
    return [
        f"| {capability.value} | {' | '.join(SHOWN[each] for each in row)} |"
        for capability, row in TABLE.items()
    ]


def test_the_readme_shows_the_table_as_it_is() -> None:
    section = README.read_text().split("\n## Roles\n", 1)[1].split("\n## ")[0]
    shown = [line for line in section.splitlines() if line.startswith("| ")]

    assert shown[1:] == rows()
    assert shown[0].strip("| ").split(" | ")[1:] == [role.value.replace("_", " ") for role in Role]


def test_every_capability_is_decided_for_every_role() -> None:
    assert set(TABLE) == set(Capability)
    assert {len(row) for row in TABLE.values()} == {len(Role)}


@pytest.mark.parametrize("capability", Capability)
def test_a_guest_may_nothing_on_the_desk(capability: Capability) -> None:
    assert not may(Role.GUEST, capability)


def test_an_admin_may_everything() -> None:
    assert {reach(Role.ADMIN, capability) for capability in Capability} == {Reach.ANY}


def test_a_team_member_acts_on_their_own_things_alone() -> None:
    acts = {each for each in Capability if not each.name.startswith(("SEE_", "OPEN_"))}

    assert {each for each in acts if reach(Role.TEAM_MEMBER, each) is Reach.ANY} == set()


def test_a_viewer_only_looks() -> None:
    looks = {each for each in Capability if may(Role.VIEWER, each)}

    assert {each.name.split("_")[0] for each in looks} == {"OPEN", "SEE"}


def test_only_admins_break_rules() -> None:
    assert [role for role in Role if may(role, Capability.BREAK_RULES)] == [Role.ADMIN]


def test_a_role_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(ValueError, match="owner"):
        may("owner", Capability.OPEN_DESK)
