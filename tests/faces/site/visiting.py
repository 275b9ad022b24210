"""What a visitor does, in few words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.test import Client
from django.urls import reverse

from bookings.models import Service

Answer = Any  # the test client's response


def service_url(service: Service) -> str:
    return reverse("site:service", args=[service.business.slug, service.slug])


def value(at: datetime) -> str:
    """Return what the button of a start sends."""
    return f"{at:%Y-%m-%dT%H:%MZ}"


def hold(client: Client, service: Service, at: datetime, **fields: object) -> Answer:
    """Press the button of a start."""
    return client.post(service_url(service), {"start": value(at), **fields})


def held(client: Client, service: Service, at: datetime, **fields: object) -> str:
    """Press the button of a start that is free; return the address of the details page."""
    answer = hold(client, service, at, **fields)
    assert answer.status_code == 303, answer.content.decode()
    return str(answer["Location"])


def book(client: Client, address: str, **fields: object) -> Answer:
    """Fill in the details and send them."""
    who = {"name": "Anna Berg", "email": "anna@example.org", "book": "1"}
    return client.post(address, who | fields)


def booked(client: Client, service: Service, at: datetime, **fields: object) -> str:
    """Book a free start; return the address of the manage page."""
    answer = book(client, held(client, service, at), **fields)
    assert answer.status_code == 303, answer.content.decode()
    return str(answer["Location"]).split("?")[0]


def text(answer: Answer) -> str:
    """Return the page's source with white space evened out."""
    return " ".join(answer.content.decode().split())
