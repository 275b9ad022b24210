"""What a visitor has chosen so far, as the address of the page says it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from bookings.errors import OffGrid
from bookings.faces.reading import read_day, read_instant, read_number
from bookings.models import Resource


@dataclass(frozen=True)
class Wish:
    """Choices on the way to a time; what is not chosen is None.

    `month` is the first day of the month shown, `zone` the one in which days are counted.
    """

    zone: str
    seats: int = 1
    is_party_fixed: bool = False
    staff: Resource | None = None
    month: date | None = None
    day: date | None = None

    def address(self, action: str, **extra: str) -> str:
        """Return the address of the page `action` for this wish, with extra fields."""
        fields = {name: value for name, value in (self.fields() | extra).items() if value}
        return f"{action}?{urlencode(fields)}" if fields else action

    def fields(self) -> dict[str, str]:
        """Return the wish as the fields of an address or form; the zone is in its cookie."""
        return {
            "staff": str(self.staff.public_id) if self.staff else "",
            "party": str(self.seats) if self.seats > 1 else "",
            "month": f"{self.month:%Y-%m}" if self.month and not self.day else "",
            "day": self.day.isoformat() if self.day else "",
        }


def read_wish(
    fields: Mapping[str, str], *, zone: str, people: Sequence[Resource], seats: int | None = None
) -> Wish:
    """Return the wish in the fields of an address or form.

    `people` are those who may be chosen, `seats` the size of a party that may not change.
    What makes no sense counts as not chosen.
    """
    chosen = {str(person.public_id): person for person in people}
    day = read_day(fields.get("day", ""))
    month = read_day(fields.get("month", "") + "-01")
    return Wish(
        zone=zone,
        seats=seats or read_number(fields.get("party", "")),
        is_party_fixed=seats is not None,
        staff=chosen.get(fields.get("staff", "")),
        month=day.replace(day=1) if day else month,
        day=day,
    )


def read_start(text: str) -> datetime:
    """Return the instant that a time button stands for.

    Raises:
        OffGrid: it is no such thing.
    """
    start = read_instant(text)
    if start is None:
        raise OffGrid()
    return start
