"""The same races as visitors run them: over HTTP, against the portal's own web server."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from bookings.commands import manage_token
from bookings.models import Booking, Claim, Service
from tests import make
from tests.proofs import invariants
from tests.proofs.crowd import Crowd, Errand

ROUNDS = pytest.mark.parametrize(
    ("rounds", "size"), [(2, 48), pytest.param(20, 64, marks=pytest.mark.slow)]
)
LONG = pytest.mark.parametrize(("rounds", "size"), [pytest.param(20, 64, marks=pytest.mark.slow)])
"""For what a short form runs of at command level already."""
JO = {"name": "Jo", "email": "jo@example.org", "book": "1"}


def opening(service: Service, number: int) -> datetime:
    """Return nine o'clock on one of the days from the day after tomorrow on."""
    day = make.today() + timedelta(days=2 + number)
    return day.replace(hour=9, minute=0, second=0, microsecond=0)


def visitors(crowd: Crowd, url: str, size: int) -> list[dict[str, Any]]:
    """Let everybody open the page with a browser of their own; returns what each got."""
    answers = [each.said for each in crowd.together([("get", {"url": url})] * size)]
    assert {answer["status"] for answer in answers} == {200}
    return answers


def pressed(url: str, page: dict[str, Any], **fields: str) -> Errand:
    """Return the errand of sending the page's form."""
    return "post", {"url": url, "cookies": page["cookies"], "fields": page["fields"] | fields}


def statuses(crowd: Crowd, errands: list[Errand]) -> tuple[Counter[int], list[dict[str, Any]]]:
    """Send everybody off together; returns the count of statuses, and the answers."""
    outcomes = crowd.together(errands)
    assert {each.kind for each in outcomes} == {"done"}, outcomes
    answers = [each.said for each in outcomes]
    return Counter(answer["status"] for answer in answers), answers


def start(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%MZ}"


@ROUNDS
def test_one_visitor_gets_the_time_and_one_booking_of_it(crowd, web, rounds, size):
    service = make.service(duration=timedelta(hours=1))
    url = web + reverse("site:service", args=[service.business.slug, service.slug])
    pages = visitors(crowd, url, size)
    for number in range(rounds):
        first = opening(service, number)
        shifted = first + timedelta(minutes=30)
        wishes = [
            pressed(url, page, start=start(shifted if n % 2 else first))
            for n, page in enumerate(pages)
        ]
        counted, answers = statuses(crowd, wishes)
        assert counted == {303: 1, 409: size - 1}

        (winner,) = (answer for answer in answers if answer["status"] == 303)
        details = web + winner["location"]
        (page,) = visitors(crowd, details, 1)
        clicks = [pressed(details, page, **JO)] * 8
        counted, answers = statuses(crowd, clicks)
        assert counted == {303: 8}
        assert len({answer["location"] for answer in answers}) == 1
    assert list(Booking.objects.values_list("state", flat=True)) == ["confirmed"] * rounds
    assert Claim.objects.count() == rounds
    assert invariants.broken() == {}


@LONG
def test_parties_fill_a_group_to_its_last_place(crowd, web, rounds, size):
    service = make.service(capacity=8)
    url = web + reverse("site:service", args=[service.business.slug, service.slug])
    pages = visitors(crowd, url, size)
    for number in range(rounds):
        first = start(opening(service, number))
        parties = [1 + n % 4 for n in range(size)]
        wishes = [
            pressed(url, page, start=first, party=str(party))
            for page, party in zip(pages, parties, strict=True)
        ]
        counted, answers = statuses(crowd, wishes)
        inside = [
            party for party, answer in zip(parties, answers, strict=True) if answer["status"] == 303
        ]
        assert sum(inside) == 8
        assert counted == {303: len(inside), 409: size - len(inside)}
    assert invariants.broken() == {}


@LONG
def test_who_moves_and_who_books_do_not_both_get_the_time(crowd, web, rounds, size):
    service = make.service()
    url = web + reverse("site:service", args=[service.business.slug, service.slug])
    pages = visitors(crowd, url, size - 1)
    for number in range(rounds):
        first = opening(service, number)
        booking = make.booking(service, starts_at=first, now=make.today())
        move = web + reverse("site:move", args=[manage_token(booking=booking, now=make.today())])
        (page,) = visitors(crowd, move, 1)
        wanted = start(first + timedelta(hours=1))
        counted, _ = statuses(
            crowd,
            [
                pressed(move, page, start=wanted),
                *(pressed(url, visitor, start=wanted) for visitor in pages),
            ],
        )
        assert counted == {303: 1, 409: size - 1}
    assert invariants.broken() == {}
