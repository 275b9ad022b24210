"""Time off as typed: who is away, from when to when, on the clock of the business."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.translation import gettext as _

from bookings.commands.absence import TITLE_LIMIT
from bookings.engine.hours import at_minute, day_span
from bookings.errors import BookingError, Invalid
from bookings.faces.desk.moment import edge_of
from bookings.faces.reading import read_clock, read_day
from bookings.faces.typed import TypedForm, line
from bookings.faces.words import is_whole_days
from bookings.models import Resource, TimeOff

FIELD_OF = {"starts_at": "from_day", "ends_at": "until_day"}
Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Choice:
    """Somebody who may be away, or a room."""

    resource: Resource
    is_chosen: bool


class AbsenceForm(TypedForm):
    """From when to when, and why; the page draws who it is for, and the switch for whole days."""

    needed = frozenset({"from_day", "from_time", "until_time"})

    def __init__(self, data: Mapping[str, object], *, zone: str) -> None:
        super().__init__(data)
        self.zone = zone
        self.fields["title"] = line(_("Title"), maxlength=TITLE_LIMIT, autocomplete="off")
        self.fields["title"].help_text = _("Seen by colleagues, not by customers.")
        self.fields["from_day"] = line(_("From"), "date")
        self.fields["from_time"] = line(_("From, time"), "time", step=900)
        self.fields["until_day"] = line(_("Until"), "date")
        self.fields["until_day"].help_text = _("Empty: the same day.")
        self.fields["until_time"] = line(_("Until, time"), "time", step=900)

    @property
    def is_all_day(self) -> bool:
        """Whether whole days are meant."""
        return bool(self.data.get("all_day"))

    @property
    def is_closure(self) -> bool:
        """Whether the whole business is meant."""
        return bool(self.data.get("closed"))

    @property
    def named(self) -> list[str]:
        """Return the public ids of who is away, as sent."""
        data = self.data
        return data.getlist("staff") if isinstance(data, QueryDict) else []

    def choices(self, resources: Sequence[Resource]) -> list[Choice]:
        """Return who may be away, and who was chosen."""
        named = set(self.named)
        return [Choice(each, str(each.public_id) in named) for each in resources]

    def refuse(self, refusal: BookingError) -> None:
        """Show what is wrong beside the field that it was typed into."""
        if isinstance(refusal, Invalid):
            refusal = Invalid(
                {FIELD_OF.get(name, name): text for name, text in refusal.fields.items()}
            )
        super().refuse(refusal)

    def span(self) -> Span:
        """Return the instants that are meant; of a time that comes twice, the longer time off.

        Raises:
            Invalid: a day or a time is none, or the clock skips it; whole days that end before
                they start.
        """
        first = read_day(self.typed("from_day"))
        last = read_day(self.typed("until_day")) if self.typed("until_day").strip() else first
        wrong: dict[str, str] = {}
        if first is None:
            wrong["from_day"] = _("Please give a day.")
        elif last is None:
            wrong["until_day"] = _("Please give a day.")
        if first is None or last is None:
            raise Invalid(wrong)
        if self.is_all_day:
            if last < first:
                raise Invalid({"until_day": _("The last day is not before the first.")})
            begin, end = day_span(first, last, self.zone)
            return at_minute(begin), at_minute(end)
        return self._instant("from_time", first, 0), self._instant("until_time", last, -1)

    def _instant(self, name: str, day: date, which: int) -> datetime:
        at = read_clock(self.typed(name))
        if at is None:
            raise Invalid({name: _("Please give a time, such as 14:30.")})
        return edge_of(day, at, zone=self.zone, which=which, field=name)


def fields_of(row: TimeOff, zone: str) -> dict[str, object]:
    """Return what stands in the form of a time off on record."""
    begin, end = row.starts_at.astimezone(ZoneInfo(zone)), row.ends_at.astimezone(ZoneInfo(zone))
    whole = is_whole_days(begin, end)
    last = end - timedelta(days=1) if whole else end
    return {
        "title": row.title,
        "from_day": f"{begin:%Y-%m-%d}",
        "from_time": _clock(begin.time()),
        "until_day": f"{last:%Y-%m-%d}",
        "until_time": _clock(end.time()),
        "all_day": "on" if whole else "",
    }


def _clock(at: time) -> str:
    return f"{at:%H:%M}"


def seen_of(row: TimeOff) -> str:
    """Return what a page has shown of a time off, to tell whether it has changed since."""
    return "|".join((row.starts_at.isoformat(), row.ends_at.isoformat(), row.title))


def read_seen(text: str) -> tuple[datetime, datetime, str]:
    """Return what a page had shown of a time off.

    Raises:
        Invalid: no page has sent this.
    """
    try:
        begin, end, title = text.split("|", 2)
        return datetime.fromisoformat(begin), datetime.fromisoformat(end), title
    except ValueError:
        raise Invalid({"": _("Please open this page again.")}) from None
