"""What somebody does at the desk, in few words."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.test import Client
from django.urls import reverse

from accounts.models import User
from bookings.models import Appointment, Booking, Business, Message
from tests import make

Answer = Any  # the test client's response


def signed_in(user: User) -> Client:
    """Return the browser of somebody who is signed in."""
    client = Client()
    client.force_login(user)
    return client


def as_(role: str, of: Business) -> Client:
    """Return the browser of somebody with a role in a business."""
    return signed_in(make.member(of, role, name=f"The {role}"))


def to(name: str, row: Appointment | Booking | Message | Business, *more: UUID) -> str:
    """Return the address of a page about a row."""
    if isinstance(row, Business):
        return reverse(f"desk:{name}", args=[row.slug, *more])
    return reverse(f"desk:{name}", args=[row.business.slug, row.public_id])


def text(answer: Answer) -> str:
    """Return the page's source with white space evened out."""
    return " ".join(answer.content.decode().split())
