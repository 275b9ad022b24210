"""A time zone is chosen from a list."""

from __future__ import annotations

from functools import cache
from itertools import groupby
from typing import Any
from zoneinfo import available_timezones

from django import forms

Choices = list[tuple[str, list[tuple[str, str]]]]


@cache
def by_region() -> Choices:
    """Return the zones of the world as a select reads them, by region and name."""
    names = sorted(name for name in available_timezones() if "/" in name and _is_place(name))
    regions = groupby(names, key=lambda name: name.split("/")[0])
    listed = [(region, [(name, _words(name)) for name in group]) for region, group in regions]
    return [("UTC", [("UTC", "UTC")]), *listed]


def _is_place(name: str) -> bool:
    return not name.startswith(("Etc/", "SystemV/", "US/", "posix/", "right/"))


def _words(name: str) -> str:
    return name.split("/", 1)[1].replace("_", " ").replace("/", " – ")


class ZoneSelect(forms.Select):
    """All zones by region; a stored name that is not in the list stays what it is."""

    def optgroups(self, name: str, value: list[str], attrs: Any = None) -> Any:
        """Return the groups, with the present value among them."""
        known = {zone for _region, zones in by_region() for zone, _shown in zones}
        other = [(each, each) for each in value if each and each not in known]
        empty = [] if self.is_required else [("", "–")]
        self.choices = [*empty, *other, *by_region()]
        return super().optgroups(name, value, attrs)
