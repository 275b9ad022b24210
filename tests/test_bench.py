"""What the benchmark writes past the commands is what the tables want today."""

from __future__ import annotations

import pytest

from bookings.models import Appointment, Booking, Claim
from tests import make
from tests.bench import plain, world


@pytest.mark.django_db(transaction=True)
def test_its_workloads_can_be_loaded():
    world.workload(staff=2, days=3, busy=3)

    assert (Appointment.objects.count(), Claim.objects.count()) == (6, 6)


@pytest.mark.django_db
def test_its_plain_way_books():
    of = world.business()
    person = make.staff(of)
    service = world.service(of, [person])
    plain.book(
        service=service,
        staff=person,
        starts_at=make.at("10:00"),
        contact=make.contact(email="jo@example.org"),
        now=make.NOW,
    )

    assert Booking.objects.get().state == "confirmed"
