"""Where a day and a time are chosen: the form, the free times, and why one is not free."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _

from bookings.commands.licence import REASON_LIMIT
from bookings.engine.hours import day_span
from bookings.errors import BookingError, ChangedMeanwhile, Invalid
from bookings.faces import words
from bookings.faces.access import DeskRequest
from bookings.faces.desk.appointments.insisting import may_insist
from bookings.faces.desk.moment import passes
from bookings.faces.reading import read_day
from bookings.faces.times import Daypart, Slot, dayparts, nearest_slots
from bookings.faces.typed import TypedForm, line
from bookings.models import Resource, Service
from bookings.queries import availability

ALTERNATIVES = 4
NOON = time(12)


class WhenForm(TypedForm):
    """A day, a time, and with whom; which pass of a time that comes twice; why anyway."""

    needed = frozenset({"day", "time", "because"})

    def __init__(
        self, data: Mapping[str, object], *, zone: str, people: Sequence[Resource], anyone: bool
    ) -> None:
        super().__init__(data)
        typed = {name: str(data.get(name, "")) for name in ("day", "time")}
        self.fields["day"] = line(_("Day"), "date", **{"data-look": True})
        self.fields["time"] = line(_("Time"), "text", inputmode="numeric", autocomplete="off")
        self.fields["time"].widget.attrs |= {"placeholder": "14:30", "data-look": True}
        if people:
            self.fields["staff"] = person_field(people, anyone=anyone)
        if len(twice := passes(typed, zone=zone)) > 1:
            self.fields["fold"] = _fold_field(twice, zone)

    def offer_anyway(self) -> None:
        """Add what lets somebody go on against the rules, with a reason."""
        self.fields |= anyway_fields()


def anyway_fields() -> dict[str, forms.Field]:
    """Return what lets somebody go on against the rules, with a reason."""
    box = forms.CheckboxInput()
    return {
        "anyway": forms.Field(label=_("Anyway"), required=False, widget=box),
        "because": line(_("Why?"), maxlength=REASON_LIMIT),
    }


def _fold_field(twice: Sequence[datetime], zone: str) -> forms.Field:
    choices = [
        (str(number), f"{words.clock(at.astimezone(ZoneInfo(zone)))} ({words.offset(at, zone)})")
        for number, at in enumerate(twice)
    ]
    label = _("The clock shows this time twice that day")
    return forms.Field(label=label, required=False, widget=forms.RadioSelect(choices=choices))


def seats_field(capacity: int, *, looks: bool = True) -> forms.Field:
    """Return the choice of the size of a party."""
    choices = [(str(count), words.people(count)) for count in range(1, min(capacity, 100) + 1)]
    widget = forms.Select(choices=choices, attrs={"data-look": looks})
    return forms.Field(label=_("How many people?"), required=False, widget=widget)


def person_field(people: Sequence[Resource], *, anyone: bool) -> forms.Field:
    """Return the choice of a person."""
    choices = [(str(each.public_id), each.name) for each in people]
    if anyone:
        choices.insert(0, ("", _("Anyone who is free")))
    widget = forms.Select(choices=choices, attrs={"data-look": True})
    return forms.Field(label=_("With"), required=False, widget=widget)


@dataclass(frozen=True)
class Look:
    """A look at what is free: of a service, with a person or anyone, for so many people.

    `moving` is the pk of the appointment whose own time counts as free.
    """

    service: Service
    staff: Resource | None
    seats: int
    now: datetime
    moving: int | None = None

    @property
    def zone(self) -> str:
        return self.service.business.zone

    def on(self, day: date) -> list[Daypart]:
        """Return the free times of a day as buttons. Cost: one look."""
        lo, hi = day_span(day, day, self.zone)
        found = availability.offer(
            self.service.pk,
            lo=lo,
            hi=hi,
            now=self.now,
            staff_id=self.staff.pk if self.staff else None,
            seats=self.seats,
            moving=self.moving,
        )
        return dayparts(found.starts(), zone=self.zone, capacity=self.service.capacity)

    def near(self, around: datetime) -> list[Slot]:
        """Return the free times closest to an instant as buttons. Cost: one look."""
        starts = availability.nearest(
            self.service,
            around=max(around, self.now),
            count=ALTERNATIVES,
            now=self.now,
            staff=self.staff,
            seats=self.seats,
        )
        return nearest_slots(starts, wanted=around, zone=self.zone)


@dataclass(frozen=True)
class When:
    """What is shown around the form: free times of the day, and why a time is refused.

    `nearest` are free times close to a refused one, or to a day that has none.
    """

    title: str = ""
    parts: list[Daypart] = field(default_factory=list)
    chosen: str = ""
    why_not: str = ""
    nearest: list[Slot] = field(default_factory=list)


def when(
    request: DeskRequest, form: WhenForm, look: Look, refusal: BookingError | None = None
) -> When:
    """Return what is shown around a form, and add to it what the refusal asks for.

    Cost: two looks at most.
    """
    typed = {name: str(form.data.get(name, "")) for name in ("day", "time", "fold")}
    day, instants = read_day(typed["day"]), passes(typed, zone=look.zone)
    second = typed["fold"] == "1" and len(instants) > 1
    start = instants[1 if second else 0] if instants else None
    if may_insist(request, refusal):
        form.offer_anyway()
    if isinstance(refusal, Invalid):
        form.full_clean()
        form.refuse(refusal)
    is_refused = refusal is not None and not isinstance(refusal, Invalid)
    wants_others = is_refused and not isinstance(refusal, ChangedMeanwhile)
    parts = look.on(day) if day else []
    around = start or (datetime.combine(day, NOON, ZoneInfo(look.zone)) if day else look.now)
    return When(
        title=words.full_day(day) if day else "",
        parts=parts,
        chosen=f"{start:%Y-%m-%dT%H:%MZ}" if start else "",
        why_not=words.said(refusal) if refusal and is_refused else "",
        nearest=look.near(around) if wants_others or (day and not parts) else [],
    )
