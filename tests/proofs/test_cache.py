"""What processes remember is never older than what the database says."""

from __future__ import annotations

import random
from datetime import time, timedelta

import pytest

from bookings.engine.hours import minute_of
from bookings.models import Booking, HoursRule, Service
from bookings.queries import availability
from tests import make
from tests.make import NOW, at
from tests.proofs import invariants
from tests.proofs.crowd import Crowd, Errand

CLOCKS = [f"{hour:02}:{minute}" for hour in range(9, 17) for minute in ("00", "30")]
SINCE, UNTIL = at("00:00"), at("00:00", days=4)
NOBODY = 0
"""An appointment that nobody has: an answer that leaves its claims out is not remembered."""


def fresh(service: Service) -> list[str]:
    """Return the starts as the database alone has them."""
    found = availability.offer(
        service.pk, lo=minute_of(SINCE), hi=minute_of(UNTIL), now=NOW, moving=NOBODY
    )
    return [f"{start.at.isoformat()} {start.seats_left}" for start in found.starts()]


def look(service: Service) -> Errand:
    window = {"lo": SINCE.isoformat(), "hi": UNTIL.isoformat(), "now": NOW.isoformat()}
    return "offered", {"service": service.pk} | window


def change(chance: random.Random, services: list[Service]) -> Errand:
    """Return something that changes what is offered, or tries to."""
    start = at(chance.choice(CLOCKS), days=chance.randint(1, 3))
    when = {"starts_at": start.isoformat(), "now": NOW.isoformat()}
    live = list(Booking.objects.filter(state="confirmed").values_list("pk", flat=True))
    kinds = ["book", "hold"] + ["reschedule", "cancel"] * bool(live)
    match chance.choice(kinds):
        case "reschedule":
            return "reschedule", {"booking": chance.choice(live)} | when
        case "cancel":
            return "cancel", {"booking": chance.choice(live), "now": NOW.isoformat()}
        case kind:
            return kind, {"service": chance.choice(services).pk} | when


@pytest.mark.parametrize("rounds", [3, pytest.param(100, marks=pytest.mark.slow)])
def test_when_the_writers_pause_everybody_sees_the_same(crowd: Crowd, rounds: int):
    chance = random.Random(rounds)
    business = make.business()
    people = [make.staff(business) for _ in range(3)]
    services = [
        make.service(business, by=people),
        make.service(business, by=people[:2], duration=timedelta(minutes=45), capacity=3),
        make.service(business, by=people[1:], assignment="all", resource_daily_limit=4),
    ]
    asked = 0
    for _ in range(rounds):
        writers = [change(chance, services) for _ in range(16)]
        readers = [look(services[n % 3]) for n in range(32)]
        outcomes = crowd.together([*writers, *readers])
        assert "broke" not in {each.kind for each in outcomes}, outcomes
        _change_the_catalogue(chance, services)
        for service in services:
            answers = [each.said for each in crowd.together([look(service)] * 16)]
            assert answers == [fresh(service)] * 16
            asked += len(answers)
    assert asked == rounds * 48
    assert invariants.broken() == {}


def _change_the_catalogue(chance: random.Random, services: list[Service]) -> None:
    """Now and then change hours, lengths or who serves, as an admin would."""
    if chance.random() < 0.3:
        rule = chance.choice(list(HoursRule.objects.all()))
        rule.opens = time(chance.choice([8, 9, 10]))
        rule.save()
    if chance.random() < 0.3:
        service = chance.choice(services)
        service.buffer_after = timedelta(minutes=chance.choice([0, 10, 30]))
        service.save()
    if chance.random() < 0.3:
        person = chance.choice(list(services[0].resources.all()))
        person.is_active = not person.is_active
        person.save()
