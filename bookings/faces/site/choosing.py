"""A visitor on the way to a time: what they are offered, what they wish for, what was refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from bookings.errors import BookingError, StaffNotOffered
from bookings.faces import words
from bookings.faces.site.cards import house
from bookings.faces.site.free import Calendar
from bookings.faces.site.picker import Picker, picker
from bookings.faces.site.wish import Wish
from bookings.faces.site.zones import Zones
from bookings.faces.times import Slot, nearest_slots
from bookings.models import Booking, Resource, Service
from bookings.queries import availability

ALTERNATIVES = 3


@dataclass(frozen=True)
class Nearest:
    """Free times close to the one that was wanted, as buttons."""

    title: str
    slots: list[Slot]


@dataclass(frozen=True)
class Refused:
    """Why a time cannot be had, and what can."""

    text: str
    nearest: Nearest


@dataclass(frozen=True)
class Choosing:
    """The choices of one visitor of one service; `moving` is the booking that makes room."""

    service: Service
    staff: Sequence[Resource]
    zones: Zones
    wish: Wish
    now: datetime
    moving: Booking | None = None

    @property
    def url(self) -> str:
        """The page of the service."""
        return reverse("site:service", args=[self.service.business.slug, self.service.slug])

    @property
    def possible(self) -> Wish:
        """The wish, its party no larger than the service takes."""
        return replace(self.wish, seats=min(self.wish.seats, self.service.capacity))

    def picker(self, action: str) -> Picker:
        """Return the picker for the page `action`. Cost: at most three looks at availability."""
        return picker(
            self.service,
            action=action,
            house=house(self.service.business),
            wish=self.possible,
            zones=self.zones,
            free=Calendar(self.service, self.possible, self.now, self.moving).free(),
            staff=self.staff,
        )

    def refused(self, refusal: BookingError, wanted: datetime | None) -> Refused:
        """Return a refusal in words, with the free times nearest to the one wanted."""
        return Refused(words.said(refusal), self.nearest(wanted or self.now))

    def nearest(self, wanted: datetime) -> Nearest:
        """Return the three free times closest to an instant. Cost: one look."""
        starts = availability.nearest(
            self.service,
            around=wanted,
            count=ALTERNATIVES,
            now=self.now,
            staff=self.wish.staff,
            seats=self.possible.seats,
        )
        slots = nearest_slots(starts, wanted=wanted, zone=self.wish.zone)
        return Nearest(_("These times are free:"), slots)


def known_person(wish: Wish, asked: str) -> Resource | None:
    """Return the person wished for; `asked` is who the form named.

    Raises:
        StaffNotOffered: the form named somebody who cannot be chosen.
    """
    if asked and wish.staff is None:
        raise StaffNotOffered()
    return wish.staff
