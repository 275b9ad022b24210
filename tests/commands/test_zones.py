"""After a change of time-zone law: nine o'clock stays nine o'clock.

The law is a pretend one, compiled by `zic`: from now on Berlin keeps summer time all year.
"""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from bookings.models import Appointment, Booking, Claim, Event, Message
from tests import make

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2031, 1, 6, 7, 0, tzinfo=UTC)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def law(tmp_path: Path) -> Path:
    """Return a folder of zones in which Berlin is always two hours ahead of UTC."""
    source, zones = tmp_path / "law", tmp_path / "zones"
    source.write_text("Zone Europe/Berlin 2:00 - CEST\n")
    subprocess.run(["zic", "-d", zones, source], check=True)
    return zones


@pytest.fixture
def service():
    """Return a service in Berlin, open from nine to five."""
    return make.service(make.business(zone="Europe/Berlin"))


def rederive(law: Path) -> str:
    """Run `manage.py rederive` under a law, on the database of the test; return its report."""
    path = f"/{connection.settings_dict['NAME']}"
    database = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=path))
    done = subprocess.run(
        [sys.executable, "manage.py", "rederive"],
        cwd=ROOT,
        env=os.environ | {"PYTHONTZPATH": str(law), "DATABASE_URL": database},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def winter(hour: int) -> datetime:
    """Return an hour of Berlin's clock on a winter's day, by today's law."""
    return datetime(2031, 1, 14, hour - 1, tzinfo=UTC)


def test_the_wall_clock_stays_and_the_instant_follows(service, law):
    booking = make.booking(service, starts_at=winter(9), now=NOW)
    before = Claim.objects.get()

    report = rederive(law)

    appointment = Appointment.objects.get()
    assert appointment.starts_at == datetime(2031, 1, 14, 7, tzinfo=UTC)
    assert (appointment.wall_time.hour, appointment.zone) == (9, "Europe/Berlin")
    after = Claim.objects.get()
    assert (after.s, after.e) == (before.s - 60, before.e - 60)
    assert report == (
        "2031-01-14 09:00 Europe/Berlin  08:00 -> 07:00 UTC\nMoved: 1. Could not be moved: 0.\n"
    )
    booking.refresh_from_db()
    assert booking.sequence == 1
    assert Event.objects.filter(kind="booking.rederived", booking=booking).count() == 1
    assert Message.objects.filter(topic="changed", audience="customer").count() == 1


def test_neighbours_follow_together_without_a_false_conflict(service, law):
    for hour in (10, 11, 12):
        make.booking(service, starts_at=winter(hour), now=NOW)
    make.booking(service, starts_at=winter(11).replace(minute=30), now=NOW)

    report = rederive(law)

    assert "Moved: 4. Could not be moved: 0." in report
    hours = Appointment.objects.order_by("starts_at").values_list("starts_at", flat=True)
    assert [f"{start:%H:%M}" for start in hours] == ["08:00", "09:00", "09:30", "10:00"]


def test_what_would_overlap_stays_and_is_reported(service, law):
    make.booking(service, starts_at=winter(10), now=NOW)
    elsewhere = make.service(
        make.business(zone="UTC", hours="00:00-00:00"),
        by=list(service.resources.all()),
        duration=service.duration,
    )
    make.booking(elsewhere, starts_at=datetime(2031, 1, 14, 8, tzinfo=UTC), now=NOW)

    report = rederive(law)

    assert "10:00 Europe/Berlin  stays at 09:00 UTC: Someone else" in report
    assert "Moved: 0. Could not be moved: 1." in report
    assert Booking.objects.filter(sequence=0).count() == 2


def test_a_second_run_has_nothing_left_to_do(service, law):
    make.booking(service, starts_at=winter(9), now=NOW)
    rederive(law)

    assert rederive(law) == "Moved: 0. Could not be moved: 0.\n"
