"""The demo business."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.test import Client

from bookings.models import Booking, Business, Message

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
