"""How the desk words an appointment: who, what, how far it has come."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bookings.faces.desk import badges
from bookings.queries.agenda import Visit, VisitState
from bookings.queries.roster import Roster

STATES: dict[VisitState, tuple[Promise, str]] = {
    VisitState.HELD: (gettext_lazy("being booked"), "hourglass"),
    VisitState.PENDING: (badges.PENDING, "ask"),
    VisitState.CONFIRMED: (badges.CONFIRMED, ""),
    VisitState.RECONFIRMED: (badges.RECONFIRMED, "mail"),
    VisitState.HERE: (badges.HERE, "here"),
    VisitState.COMPLETED: (badges.COMPLETED, "check"),
    VisitState.NO_SHOW: (badges.NO_SHOW, "cross"),
    VisitState.CANCELLED: (badges.CANCELLED, "cross"),
    VisitState.DECLINED: (badges.DECLINED, "cross"),
}
"""The words for a state, and the name of its picture."""


@dataclass(frozen=True, slots=True)
class Card:
    """An appointment in words: the customer of one, the service of a group."""

    title: str
    subtitle: str
    seats: str
    state: str
    icon: str
    css: str


def card(visit: Visit, roster: Roster) -> Card:
    """Return the words for an appointment. Pure: no query."""
    service = roster.services[visit.service_id]
    state = visit.state
    words, icon = STATES[state]
    names = ", ".join(guest.name for guest in visit.guests if guest.name)
    title, subtitle = names or _no_name(state), service.name
    seats = ""
    if visit.capacity > 1:
        title, subtitle = service.name, names or _no_name(state)
        seats = f"{visit.seats}/{visit.capacity}"
    full = " full" if visit.seats >= visit.capacity > 1 else ""
    return Card(
        title=title,
        subtitle=subtitle,
        seats=seats,
        state=str(words),
        icon=icon,
        css=f"hue-{service.hue} is-{state.value.replace('_', '-')}{full}",
    )


def _no_name(state: VisitState) -> str:
    return _("Being booked") if state is VisitState.HELD else _("No name")


def count(number: int) -> str:
    """Return a number of appointments in words."""
    return ngettext("%(count)s appointment", "%(count)s appointments", number) % {"count": number}


@lru_cache(maxsize=1500)
def clock(minute: int) -> str:
    """Return a minute of the day: “09:30”; the end of the day is 24:00."""
    return f"{minute // 60:02}:{minute % 60:02}"


@lru_cache(maxsize=1500)
def starts(minute: int) -> str:
    """Return the classes that put something at a minute of the day."""
    return f"h{minute // 60} m{minute % 60}"


def is_tiny(minutes: int) -> bool:
    """Say whether a length leaves room for one line only."""
    return minutes < 25


@lru_cache(maxsize=1500)
def lasts(minutes: int) -> str:
    """Return the classes that give something a length in minutes."""
    size = " tiny" if is_tiny(minutes) else " short" if minutes < 45 else ""
    return f"dh{minutes // 60} dm{minutes % 60}{size}"
