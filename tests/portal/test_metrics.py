"""The figures for Prometheus: right, and only for whoever knows the token."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from bookings import outbox, sender
from bookings.models import Message
from tests import make

pytestmark = pytest.mark.django_db

TOKEN = "a-long-token"


def figures(client: Client) -> dict[tuple[str, str], float]:
    """Return the figures by name and outlet."""
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    return {
        (sample.name.removeprefix("portal_outbox_"), sample.labels.get("outlet", "")): sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
    }


@pytest.mark.parametrize(
    ("token", "header"),
    [("", "Bearer "), ("", ""), (TOKEN, ""), (TOKEN, "Bearer wrong"), (TOKEN, f"Basic {TOKEN}")],
)
def test_without_the_token_there_is_nothing_here(
    client: Client, settings: Settings, token: str, header: str
):
    settings.METRICS_TOKEN = token

    assert client.get("/metrics", headers={"Authorization": header}).status_code == 404


def test_every_outlet_has_its_figures(client: Client, settings: Settings):
    settings.METRICS_TOKEN = TOKEN
    now = make.today()
    service = make.service()
    assert set(figures(client).values()) == {0.0}

    for skip in range(2):
        make.booking(service, starts_at=make.next_start(service, now, skip=skip), now=now)
    dead, late = (outbox.claim(now=now) for _ in range(2))
    assert dead is not None
    assert late is not None
    outbox.settle_refused(dead, error="no", permanent=True, now=now)
    outbox.settle_refused(late, error="later", permanent=False, now=now + timedelta(hours=1))
    Message.objects.filter(attempts=0).update(due_at=now - timedelta(minutes=10))
    found = figures(client)
    outbox.hold(because="A trial.", now=now)

    assert found["dead", "email"] == 1
    assert found["failed_total", "email"] == 2
    tells_the_house = 1
    waiting = 4 + tells_the_house
    assert (found["waiting", "email"], found["later", "email"]) == (waiting, 1)
    assert found["age_seconds", "email"] >= 600
    assert figures(client)["held", ""] == 1
    outbox.release()
    sender.send_due()
    assert figures(client)["sent_total", "email"] == waiting
    assert figures(client)["age_seconds", "email"] == 0
