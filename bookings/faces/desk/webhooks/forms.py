"""What is typed about webhooks: where to, about what, and what to deliver again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

from django import forms
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.commands.subscriptions import CHOICES, Wanted
from bookings.errors import (
    BadUrl,
    BookingError,
    HostNotListed,
    Invalid,
    NotHttps,
    NotPublic,
    PortNotCalled,
)
from bookings.faces.desk.moment import edge_of
from bookings.faces.reading import read_clock, read_day
from bookings.faces.typed import TypedForm, line
from bookings.faces.words import said
from bookings.models import Subscription
from bookings.models.kinds import KINDS

ALL, SOME = "all", "some"
_OF_URL: Final = (BadUrl, NotHttps, PortNotCalled, NotPublic, HostNotListed)
_TITLES: Final[Mapping[str, Promise]] = {
    "booking": gettext_lazy("Bookings"),
    "appointment": gettext_lazy("Appointments"),
    "choice": gettext_lazy("Questions by mail"),
    "message": gettext_lazy("Messages"),
    "customer": gettext_lazy("Customers"),
    "time_off": gettext_lazy("Time off"),
    "hours": gettext_lazy("Hours"),
    "staff": gettext_lazy("Staff and rooms"),
    "member": gettext_lazy("Members"),
    "invitation": gettext_lazy("Invitations"),
    "subscription": gettext_lazy("Webhooks"),
    "feed": gettext_lazy("Calendar feeds"),
    "business": gettext_lazy("The business"),
}


@dataclass(frozen=True)
class Choice:
    """A kind of event to choose: its name, and when it happens."""

    id: str
    kind: str
    when: str
    is_chosen: bool


@dataclass(frozen=True)
class Group:
    """The kinds of events about one thing."""

    title: str
    choices: Sequence[Choice]

    @property
    def is_open(self) -> bool:
        """Whether its kinds are shown at first: those of bookings, and where one is chosen."""
        return self.choices[0].kind.startswith("booking.") or any(
            each.is_chosen for each in self.choices
        )


class EndpointForm(TypedForm):
    """Where a webhook goes, and what it tells; the page draws the kinds in groups."""

    needed = frozenset({"url", "scope"})

    def __init__(
        self, data: Mapping[str, object] | None = None, *, of: Subscription | None = None
    ) -> None:
        super().__init__(_shown(of) if data is None else data)
        self.fields["url"] = line(
            _("URL"), "url", maxlength=500, autocomplete="off", placeholder="https://"
        )
        self.fields["url"].help_text = _("Where we POST each event to.")
        scopes = [(ALL, _("All events, also those to come")), (SOME, _("Only those I choose"))]
        self.fields["scope"] = forms.Field(
            label=_("Events"), required=False, widget=forms.RadioSelect(choices=scopes)
        )
        kinds = forms.CheckboxSelectMultiple(choices=[(kind, kind) for kind in CHOICES])
        self.fields["kinds"] = forms.Field(label=_("Chosen events"), required=False, widget=kinds)

    def groups(self) -> Iterator[Group]:
        """Yield the kinds of events that can be chosen, by what they are about."""
        chosen = set(self["kinds"].value() or ())
        numbered = list(enumerate(CHOICES))
        for about, kinds in groupby(sorted(numbered, key=_about), key=_about):
            listed = [
                Choice(f"id_kinds_{number}", kind, str(KINDS[kind]), kind in chosen)
                for number, kind in kinds
            ]
            yield Group(str(_TITLES.get(about[1]) or capfirst(about[1])), listed)

    def wanted(self) -> Wanted:
        """Return what is wanted, as typed."""
        kinds = self.cleaned_data.get("kinds") or []
        return Wanted(self.typed("url"), None if self.typed("scope") == ALL else kinds)

    def refuse(self, refusal: BookingError) -> None:
        """Show what is wrong with the URL beside it."""
        if isinstance(refusal, _OF_URL):
            self.add_error("url", said(refusal))
        else:
            super().refuse(refusal)


def _shown(of: Subscription | None) -> dict[str, object]:
    if of is None:
        return {"scope": ALL}
    return {"url": of.url, "scope": SOME if of.events else ALL, "kinds": of.events}


def _about(numbered: tuple[int, str]) -> tuple[int, str]:
    """Return what a kind is about, in the order in which the list comes to it first."""
    about = numbered[1].partition(".")[0]
    first = next(n for n, kind in enumerate(CHOICES) if kind.startswith(f"{about}."))
    return first, about


class RangeForm(TypedForm):
    """From when to when everything is delivered again, on the clock of the business."""

    needed = frozenset({"since", "until"})

    def __init__(
        self, data: Mapping[str, object] | None = None, *, zone: str, now: datetime
    ) -> None:
        local = now.astimezone(ZoneInfo(zone))
        usual = {"since": local - timedelta(days=1), "until": local + timedelta(minutes=1)}
        shown = {name: f"{at:%Y-%m-%dT%H:%M}" for name, at in usual.items()}
        super().__init__(shown if data is None else data)
        self.zone = zone
        self.fields["since"] = line(_("From"), "datetime-local")
        self.fields["until"] = line(_("Until"), "datetime-local")

    def span(self) -> tuple[datetime, datetime]:
        """Return the instants that are meant; of a time that comes twice, the longer span.

        Raises:
            Invalid: one of them is no time, or one that the clock skips.
        """
        return self._instant("since", 0), self._instant("until", -1)

    def _instant(self, name: str, which: int) -> datetime:
        day, _t, clock = self.typed(name).strip().partition("T")
        date, time = read_day(day), read_clock(clock)
        if date is None or time is None:
            raise Invalid({name: _("Please give a day and a time.")})
        return edge_of(date, time, zone=self.zone, which=which, field=name)
