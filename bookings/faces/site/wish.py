"""What a visitor has chosen so far, as the address of the page says it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from bookings.errors import OffGrid
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
    day = _date(fields.get("day", ""))
    month = _date(fields.get("month", "") + "-01")
    party = fields.get("party", "")
    wished = int(party) if party.isascii() and party.isdigit() and len(party) < 6 else 1
    return Wish(
        zone=zone,
        seats=seats or max(wished, 1),
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
    try:
        start = datetime.fromisoformat(text)
    except ValueError:
        raise OffGrid() from None
    if not start.tzinfo or not 1970 < start.year < 9000:
        raise OffGrid()
    return start


def _date(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1970 < found.year < 9000 else None
