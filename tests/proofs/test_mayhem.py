"""Everybody does everything at once, at random; the rows stay in order, nobody deadlocks."""

from __future__ import annotations

import random
from collections import Counter
from datetime import datetime, timedelta

import pytest

from bookings.models import Appointment, Booking
from tests import make
from tests.make import NOW, at
from tests.proofs import invariants
from tests.proofs.crowd import Crowd, Errand, tally

CLEAN = {
    "done",
    "busy",
    "changed_meanwhile",
    "full",
    "hold_expired",
    "limit_reached",
    "off_grid",
    "outside_hours",
    "slot_taken",
    "staff_not_offered",
    "time_off",
    "too_many_open",
    "wrong_state",
}
"""What people may meet when they are not alone."""
CLOCKS = [f"{hour:02}:{minute}" for hour in range(9, 17) for minute in ("00", "30")]


class World:
    """A business with everything that can be fought for, and what is known of it from outside."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        business = make.business(cancellation_notice=timedelta(0))
        self.people = [make.staff(business) for _ in range(4)]
        rooms = [make.room(business), make.room(business)]
        w, x, y, z = self.people
        self.services = [
            make.service(business, by=[w, x, y, z]),
            make.service(business, by=[x, w], assignment="all", buffer_after=timedelta(minutes=10)),
            make.service(business, by=[rooms[1], y, x, rooms[0]], duration=timedelta(hours=1)),
            make.service(business, by=[z, y], capacity=6, service_daily_limit=5),
            make.service(business, by=[w, z], resource_daily_limit=3, customer_open_limit=9),
            make.service(business, by=[x, z], needs_approval=True),
            make.service(business, by=[y, rooms[0], w], capacity=3, needs_approval=True),
        ]
        for each in self.people:
            make.open_daily(each, "00:00-00:00")
        self.services.append(
            make.service(
                business, by=[z, w], duration=timedelta(hours=40), interval=timedelta(hours=1)
            )
        )
        self.tokens: list[str] = []

    def errands(self, now: datetime, size: int) -> list[Errand]:
        """Return what everybody does next."""
        live = Booking.objects.filter(state__in=["confirmed", "pending"])
        bookings = list(live.values_list("pk", flat=True))
        appointments = list(
            Appointment.objects.filter(state="scheduled").values_list("pk", flat=True)
        )
        acts = [self._book, self._book, self._hold, self._hold, self._confirm, self._release]
        if bookings:
            acts += [self._move, self._move, self._cancel, self._move_all, self._cancel_all]
            acts += [self._reassign, self._approve, self._decline]
        self.bookings, self.appointments, self.now = bookings, appointments, now.isoformat()
        self.asked = list(live.filter(state="pending").values_list("pk", flat=True)) or bookings
        return [self.chance.choice(acts)() for _ in range(size - 2)] + [self._sweep(), self._away()]

    def _start(self) -> str:
        return at(self.chance.choice(CLOCKS), days=self.chance.choice([1, 1, 1, 2, 3])).isoformat()

    def _what(self) -> dict[str, object]:
        service = self.chance.choice(self.services)
        what: dict[str, object] = {
            "service": service.pk,
            "starts_at": self._start(),
            "now": self.now,
            "seats": self.chance.randint(1, 3) if service.capacity > 1 else 1,
        }
        return what | self._whom()

    def _whom(self) -> dict[str, object]:
        return {"staff": self.chance.choice(self.people).pk} if self.chance.random() < 0.3 else {}

    def _token(self) -> str:
        return self.chance.choice(self.tokens) if self.tokens else "none"

    def _book(self) -> Errand:
        return "book", self._what() | {"email": f"jo{self.chance.randint(1, 5)}@example.org"}

    def _hold(self) -> Errand:
        replacing = self._token() if self.chance.random() < 0.6 else ""
        return "hold", self._what() | {"replacing": replacing}

    def _confirm(self) -> Errand:
        return "book", self._what() | {"hold": self._token()}

    def _release(self) -> Errand:
        return "release", {"token": self._token(), "now": self.now}

    def _move(self) -> Errand:
        booking = self.chance.choice(self.bookings)
        where = {"booking": booking, "starts_at": self._start(), "now": self.now}
        return "reschedule", where | self._whom()

    def _cancel(self) -> Errand:
        return "cancel", {"booking": self.chance.choice(self.bookings), "now": self.now}

    def _move_all(self) -> Errand:
        appointment = self.chance.choice(self.appointments)
        where = {"appointment": appointment, "starts_at": self._start(), "now": self.now}
        return "reschedule_appointment", where | self._whom()

    def _cancel_all(self) -> Errand:
        appointment = self.chance.choice(self.appointments)
        return "cancel_appointment", {"appointment": appointment, "now": self.now}

    def _reassign(self) -> Errand:
        person = self.chance.choice(self.people).pk
        appointment = self.chance.choice(self.appointments)
        return "reassign", {"appointment": appointment, "staff": person, "now": self.now}

    def _approve(self) -> Errand:
        return "approve", {"booking": self.chance.choice(self.asked), "now": self.now}

    def _decline(self) -> Errand:
        return "decline", {"booking": self.chance.choice(self.asked), "now": self.now}

    def _sweep(self) -> Errand:
        return "sweep", {"now": self.now}

    def _away(self) -> Errand:
        away = self.chance.sample(self.people, 2)
        begins = at(self.chance.choice(CLOCKS), days=self.chance.randint(1, 3))
        return "take_time_off", {
            "resources": [each.pk for each in away],
            "starts_at": begins.isoformat(),
            "ends_at": (begins + timedelta(minutes=20)).isoformat(),
            "now": self.now,
        }


@pytest.mark.parametrize("rounds", [4, pytest.param(150, marks=pytest.mark.slow)])
def test_whatever_people_do_the_rows_stay_in_order(crowd: Crowd, rounds: int):
    world, met = World(random.Random(rounds)), Counter[str]()
    for turn in range(rounds):
        now = NOW + timedelta(minutes=2 * turn)
        outcomes = crowd.together(world.errands(now, 48))
        met.update(tally(outcomes))
        assert set(met) <= CLEAN, met
        assert invariants.broken() == {}, turn
        world.tokens += [each.said for each in outcomes if isinstance(each.said, str)]
        world.tokens = [token for token in world.tokens if "T" not in token or len(token) > 30][
            -20:
        ]
    assert met["done"] > rounds
