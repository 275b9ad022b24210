"""Which month and day to show, and what is free there."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bookings.engine.hours import at_minute, day_span, minute_of, wall_of
from bookings.engine.policy import CHANGEABLE, bookable_span
from bookings.faces.site.wish import Wish
from bookings.models import Booking, Service
from bookings.queries import availability
from bookings.queries.availability import Offer, Start
from bookings.queries.waiting import FullSession, full_sessions

NEAR = timedelta(days=62)


@dataclass(frozen=True)
class Free:
    """What is free in a month: its free `days`, and the `starts` of the shown `day`.

    `month` is its first day; `today` and `last` are the first and last day worth looking at;
    `full` are the sessions of the shown day with too few places, whose list one can join, and
    `full_days` the days of the month that have such.
    `next` is the first free day after what is shown, where that has nothing free. Days are
    those of the visitor's zone; `noon` is an instant of the shown day or month.
    """

    month: date
    today: date
    last: date
    days: frozenset[date]
    day: date | None
    starts: list[Start]
    full: list[FullSession]
    full_days: frozenset[date]
    next: date | None
    noon: datetime


@dataclass(frozen=True)
class Calendar:
    """The questions that a wish puts to the availability of a service.

    `moving` is the booking whose own time counts as free.
    """

    service: Service
    wish: Wish
    now: datetime
    moving: Booking | None = None

    def days(self, first: date, last: date) -> list[date]:
        """Return the free days from `first` to `last`; none where they are out of order."""
        return self._over(first, last).days(first, last, self.wish.zone) if first <= last else []

    def free(self) -> Free:
        """Return what to show: the day wished for, else the first free one.

        Without a wish for a month, the first month that has a free day is shown.
        """
        lo, hi = bookable_span(self.service.policy, self.now)
        today = wall_of(minute_of(self.now), self.wish.zone).day
        last = max(today, wall_of(max(lo, hi - 1), self.wish.zone).day)
        month = min(max(self.wish.month or today, today), last).replace(day=1)
        shown = self._over(month, _end(month))
        days = shown.days(month, _end(month), self.wish.zone)
        beyond = None if days else self._first_after(_end(month), last)
        if beyond and not self.wish.month:
            month = beyond.replace(day=1)
            shown = self._over(month, _end(month))
            days = shown.days(month, _end(month), self.wish.zone)
        day = self._wished_day(month) or (days[0] if days else None)
        full = self._full(month)
        if day is None and full and (self.wish.month or beyond is None):
            day = self._day_of(full[0])
        starts = shown.within(*day_span(day, day, self.wish.zone)).starts() if day else []
        if days and not starts:
            rest = (each for each in days if day and each > day)
            beyond = next(rest, None) or self._first_after(_end(month), last)
        return Free(
            month=month,
            today=today,
            last=last,
            days=frozenset(days),
            day=day,
            starts=starts,
            full=[each for each in full if self._day_of(each) == day],
            full_days=frozenset(self._day_of(each) for each in full),
            next=None if starts else beyond,
            noon=datetime.combine(day or month, time(12), ZoneInfo(self.wish.zone)),
        )

    def _over(self, first: date, last: date) -> Offer:
        return availability.over(
            self.service,
            first=first,
            last=last,
            zone=self.wish.zone,
            now=self.now,
            staff=self.wish.staff,
            seats=self.wish.seats,
            moving=self.moving,
        )

    def _full(self, month: date) -> list[FullSession]:
        """Return the sessions of a month that one can wait for.

        None for who moves there, nor the one that fills only because the visitor holds a place.
        """
        if self.moving is not None and self.moving.state in CHANGEABLE:
            return []
        lo, hi = day_span(month, _end(month), self.wish.zone)
        own = self.moving.appointment.public_id if self.moving is not None else None
        found = full_sessions(
            self.service,
            lo=at_minute(lo),
            hi=at_minute(hi),
            seats=self.wish.seats,
            now=self.now,
            staff=self.wish.staff,
        )
        return [each for each in found if each.public_id != own]

    def _day_of(self, session: FullSession) -> date:
        return session.starts_at.astimezone(ZoneInfo(self.wish.zone)).date()

    def _wished_day(self, month: date) -> date | None:
        day = self.wish.day
        return day if day and day.replace(day=1) == month else None

    def _first_after(self, day: date, last: date) -> date | None:
        """Return the first free day after `day`: looks close by first, then at all the rest."""
        near = min(day + NEAR, last)
        found = self.days(day + timedelta(days=1), near)
        found = found or self.days(near + timedelta(days=1), last)
        return found[0] if found else None


def _end(month: date) -> date:
    return month.replace(day=monthrange(month.year, month.month)[1])
