"""Figures 15 to 17: what programs ask, against what the framework takes to do nothing.

An empty view of Django REST framework stands behind the same middleware, as ours does. One looks
up a token of the framework's own, with its user, by a query; it neither counts calls nor asks who
its user is in the business. The other lets everybody in and asks the database nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from statistics import median, quantiles
from urllib.parse import urlencode

from django.utils import timezone
from rest_framework.authtoken.models import Token

from accounts import callers
from accounts.scopes import Scope
from bookings import commands
from bookings.commands import Actor
from bookings.models import Service
from bookings.queries import availability
from tests import make
from tests.bench import world
from tests.bench.line import Line, at_least, at_most
from tests.bench.measure import interleaved, ratio, wall_seconds
from tests.bench.reading import web

KNOWN, ANYBODY = "/known/", "/framework/"
OFTEN, LISTED, BOOKED = 40, 50, 20
AGAINST = "against an empty view that looks up a token"
PROGRAM = Actor("program", "bench")


def starts() -> list[Line]:
    """Compare the free starts of 20 people in 30 days with nothing."""
    service = world.today().service
    first = timezone.now().date() + timedelta(days=1)
    asked = {
        "service": service.public_id,
        "first_day": first,
        "last_day": first + timedelta(days=29),
    }
    path = f"availability/starts/?{urlencode(asked)}"
    return _against_nothing("15", "API, starts of 20 staff × 30 days, warm", service, path, 2.5)


def appointments() -> list[Line]:
    """Compare a list of appointments with their bookings, and with all of them, with nothing."""
    service = _offered()
    question = make.question(service)
    free = _free(service)
    for _ in range(LISTED):
        _book(service, next(free), {str(question.public_id): "Yes."})
    what = f"API, {LISTED} appointments with their bookings"
    path = f"appointments/?limit={LISTED}&expand=bookings"
    found = _against_nothing("16", what, service, path, 6.0)
    path += ",bookings.customer,bookings.answers"
    return found + _against_nothing("16", f"{what}, customers and answers", service, path)


def bookings() -> list[Line]:
    """Compare the rate of `POST bookings` with that of the command behind it."""
    service = _offered()
    token, path, free = _token(service), f"{_of(service)}bookings/", _free(service)
    seen: list[float] = []

    def over_http() -> float:
        times = [_posted(path, token, service, next(free)) for _ in range(BOOKED)]
        seen.extend(times)
        return median(times)

    def bare() -> float:
        return wall_seconds(lambda: _book(service, next(free), {}), times=BOOKED)

    samples = interleaved({"http": over_http, "bare": bare})
    what = f"API, POST bookings ({_pace(seen)}): its rate against the command's"
    return [at_least("17", what, ratio(samples, "bare", "http"), 0.6)]


def _against_nothing(
    number: str, what: str, service: Service, path: str, bar: float | None = None
) -> list[Line]:
    """Return how many times longer than nothing a call takes."""
    path = _of(service) + path
    tokens = {path: _token(service), KNOWN: _token_of_framework(service), ANYBODY: ""}
    seen: list[float] = []

    def asked(path: str) -> float:
        return web().typical(path, times=OFTEN, token=tokens[path])

    def ours() -> float:
        times = [web().get(path, token=tokens[path])[0] for _ in range(OFTEN)]
        seen.extend(times)
        return median(times)

    empty = {each: partial(asked, each) for each in (KNOWN, ANYBODY)}
    samples = interleaved({**empty, path: ours})
    found, beyond = ratio(samples, path, KNOWN), ratio(samples, path, ANYBODY)
    against = f"{what} ({_pace(seen)}), {AGAINST}"
    return [
        at_most(number, against, found, bar) if bar else Line(number, against, f"{found:.2f}×"),
        Line(number, f"{what}, against one that lets anybody in", f"{beyond:.2f}×"),
    ]


def _pace(seen: list[float]) -> str:
    """Return how many calls there were in a second of calling, and what 95 of 100 stayed under."""
    return f"{len(seen) / sum(seen):.0f}/s, p95 {quantiles(seen, n=20)[-1] * 1000:.1f} ms"


def _offered() -> Service:
    of = world.business()
    return make.service(of, by=[make.staff(of) for _ in range(20)], interval=timedelta(minutes=30))


def _of(service: Service) -> str:
    return f"/api/v1/businesses/{service.business.public_id}/"


def _token(service: Service) -> str:
    """Return a token of an admin that is good for everything."""
    user = make.member(service.business)
    now = timezone.now()
    return callers.issue(user=user, name="bench", scopes=Scope, expires_at=None, now=now)[1]


def _token_of_framework(service: Service) -> str:
    """Return a token for the view that looks one up and does nothing."""
    return str(Token.objects.create(user=make.member(service.business)).key)


def _free(service: Service) -> Iterator[datetime]:
    """Return starts that nobody has taken, each once."""
    now = timezone.now()
    lo, hi = now + timedelta(days=1), now + timedelta(days=60)
    return iter([start.at for start in availability.starts(service, lo=lo, hi=hi, now=now)])


def _people() -> Iterator[str]:
    return (f"jo{number}@example.org" for number in count(1))


_PEOPLE = _people()


def _book(service: Service, starts_at: datetime, answers: dict[str, str]) -> None:
    commands.book(
        service=service,
        starts_at=starts_at,
        contact=make.contact(email=next(_PEOPLE)),
        answers=answers,
        now=timezone.now(),
        actor=PROGRAM,
    )


def _posted(path: str, token: str, service: Service, starts_at: datetime) -> float:
    """Book over HTTP; return the seconds that it took."""
    wanted = {
        "service": str(service.public_id),
        "starts_at": starts_at.isoformat(),
        "contact": {"name": "Jo", "email": next(_PEOPLE)},
    }
    return web().post(path, json.dumps(wanted), token=token)[0]
