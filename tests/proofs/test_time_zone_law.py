"""A country changes its clocks: nine o'clock stays nine o'clock."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from bookings import commands
from bookings.models import Appointment, Booking, Event, Message
from tests import make
from tests.make import NOW
from tests.proofs import invariants
from tests.proofs.crowd import address_of
from tests.proofs.law import always

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parents[2]


def july(hour: int) -> datetime:
    """Return an instant of 1 July 2031 by its UTC hour: 7 is nine in Berlin, by today's law."""
    return datetime(2031, 7, 1, hour, tzinfo=UTC)


def rederive(law: Path | None) -> list[str]:
    """Run `manage.py rederive` under a law, in a process of its own; returns what it prints."""
    address = address_of(str(connection.settings_dict["NAME"]))
    done = subprocess.run(
        [sys.executable, "manage.py", "rederive"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": address, "PYTHONTZPATH": str(law or "")},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


def berlin(**fields: object):
    return make.business(zone="Europe/Berlin", maximum_advance=timedelta(days=200), **fields)


def test_neighbours_of_one_person_shift_together(tmp_path):
    service = make.service(berlin(), duration=timedelta(hours=1))
    hours = (7, 8, 9, 12)
    bookings = [make.booking(service, starts_at=july(hour)) for hour in hours]
    winter = make.booking(service, starts_at=datetime(2031, 3, 10, 8, tzinfo=UTC))
    elsewhere = make.booking(
        make.service(make.business(maximum_advance=timedelta(days=200))), starts_at=july(9)
    )
    letters = Message.objects.count()

    assert rederive(None) == ["Moved: 0. Could not be moved: 0."]
    said = rederive(always(tmp_path, "Europe/Berlin", hours=1))

    assert said == [
        "2031-07-01 09:00 Europe/Berlin  07:00 -> 08:00 UTC",
        "2031-07-01 10:00 Europe/Berlin  08:00 -> 09:00 UTC",
        "2031-07-01 11:00 Europe/Berlin  09:00 -> 10:00 UTC",
        "2031-07-01 14:00 Europe/Berlin  12:00 -> 13:00 UTC",
        "Moved: 4. Could not be moved: 0.",
    ]
    starts = [each.appointment.starts_at for each in Booking.objects.order_by("pk")]
    assert starts == [
        *(july(hour + 1) for hour in hours),
        winter.appointment.starts_at,
        elsewhere.appointment.starts_at,
    ]
    assert Message.objects.count() == letters + 3 * len(hours)
    assert [each.sequence for each in Booking.objects.filter(pk__in=[b.pk for b in bookings])] == [
        1
    ] * len(hours)
    assert invariants.broken() == {}


@pytest.mark.slow
def test_neighbours_shift_together_the_other_way_too(tmp_path):
    service = make.service(berlin(), duration=timedelta(hours=1))
    for hour in (7, 8, 9):
        make.booking(service, starts_at=july(hour))

    said = rederive(always(tmp_path, "Europe/Berlin", hours=3))

    assert said[-1] == "Moved: 3. Could not be moved: 0."
    starts = Appointment.objects.order_by("starts_at").values_list("starts_at", flat=True)
    assert list(starts) == [july(6), july(7), july(8)]
    assert invariants.broken() == {}


@pytest.mark.slow
def test_what_would_overlap_is_kept_and_named(tmp_path):
    business = berlin()
    service = make.service(business, duration=timedelta(hours=1))
    make.booking(service, starts_at=july(8))
    business.zone = "UTC"
    business.save()
    make.booking(service, starts_at=july(9))

    said = rederive(always(tmp_path, "Europe/Berlin", hours=1))

    assert said == [
        "2031-07-01 10:00 Europe/Berlin  stays at 08:00 UTC:"
        " Someone else has just taken this time.",
        "Moved: 0. Could not be moved: 1.",
    ]
    assert not Event.objects.filter(kind="appointment.rederived").exists()
    assert invariants.broken() == {}


def test_what_is_cancelled_stays_as_it_was(tmp_path):
    booking = make.booking(make.service(berlin()), starts_at=july(7))
    commands.cancel_booking(booking=booking, now=NOW)

    said = rederive(always(tmp_path, "Europe/Berlin", hours=1))

    assert said == ["Moved: 0. Could not be moved: 0."]
