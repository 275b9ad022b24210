"""The demo business."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from bookings.models import Appointment, Booking, Business, Customer, Event, Message, TimeOff
from tests import make

pytestmark = pytest.mark.django_db


def test_the_demo_business_is_made_once_and_can_be_looked_at(client: Client) -> None:
    call_command("demo")
    bookings = Booking.objects.count()
    call_command("demo")

    studio = Business.objects.get()
    assert Booking.objects.count() == bookings > 8
    assert not Message.objects.exists()
    assert client.get(f"/b/{studio.slug}/").status_code == 200
    for service in studio.services.all():
        assert client.get(f"/b/{studio.slug}/{service.slug}/").status_code == 200, service


# A Monday morning, a Saturday afternoon.
@pytest.mark.parametrize("days", [0, pytest.param(5.3, marks=pytest.mark.slow)])
def test_a_lived_in_demo_has_something_of_everything(
    monkeypatch: pytest.MonkeyPatch, days: float
) -> None:
    now = make.NOW + timedelta(days=days)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)

    call_command("demo", lived_in=True)

    assert Booking.objects.filter(state="pending").count() == 1
    assert Booking.objects.filter(no_show_at__isnull=False).exists()
    assert Booking.objects.filter(completed_at__isnull=False).count() > 5
    assert Appointment.objects.filter(starts_at__gt=now).count() > 20
    assert Appointment.objects.filter(seats_taken=6, capacity=8).exists()
    assert TimeOff.objects.filter(ends_at__gt=now).count() == 2


def test_a_lived_in_demo_remembers_four_weeks_and_has_written_to_nobody_about_them() -> None:
    now = timezone.now()

    call_command("demo", lived_in=True)

    past = Booking.objects.filter(appointment__starts_at__lt=now - timedelta(days=4))
    weeks = {(now - at).days // 7 for at in past.values_list("appointment__starts_at", flat=True)}
    assert weeks >= {1, 2, 3}
    assert past.filter(completed_at__isnull=False).count() > 50
    assert past.filter(no_show_at__isnull=False).count() > 3
    assert past.filter(state="cancelled").count() > 3
    assert Appointment.objects.filter(starts_at__lt=now, seats_taken__gt=1).exists()
    assert Customer.objects.filter(email="").count() < Customer.objects.count() < 20
    assert set(Message.objects.values_list("topic", flat=True)) == {"requested"}
    assert not Event.objects.filter(at__gt=now + timedelta(minutes=1)).exists()
