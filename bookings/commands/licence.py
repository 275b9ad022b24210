"""The rules that somebody sets aside, and why."""

from __future__ import annotations

from dataclasses import dataclass

from bookings.engine.policy import Override
from bookings.engine.text import clean_line
from bookings.errors import Invalid, _

REASON_LIMIT = 500
EXPLAINED = frozenset({Override.HOURS, Override.LEAD, Override.LIMITS})
"""What is set aside only for a reason; that staff cancel late needs none."""


@dataclass(frozen=True)
class Licence:
    """Rules that are set aside and the reason for it, clean; made by `licence`."""

    overrides: frozenset[Override] = frozenset()
    because: str = ""

    @property
    def data(self) -> dict[str, object]:
        """Return what the event says of it: nothing where nothing had to be explained."""
        if self.overrides.isdisjoint(EXPLAINED):
            return {}
        return {"overrides": sorted(each.value for each in self.overrides), "because": self.because}


def licence(overrides: frozenset[Override], because: str) -> Licence:
    """Return the licence to set `overrides` aside.

    Whether somebody may have it is the face's check; nobody sets a claim aside.

    Raises:
        Invalid: a rule is set aside and no reason is given.
    """
    because = clean_line(because)[:REASON_LIMIT]
    if not because and not overrides.isdisjoint(EXPLAINED):
        raise Invalid({"because": _("Please say why the rules do not count this time.")})
    return Licence(overrides, because)
