"""Figures 1 to 4, 6, 11 and 12: what is asked over HTTP, and the peers' input."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from datetime import timedelta
from functools import cache, partial
from itertools import cycle
from statistics import median

from django.utils import timezone

from bookings.commands import claims
from tests.bench import world
from tests.bench.line import Line, at_least, at_most
from tests.bench.measure import Samples, interleaved, ratio
from tests.bench.web import Web, serving
from tests.bench.world import Workload

EMPTY, ONE = "/empty/", "/one/"
OFTEN, SELDOM = 40, 5

_until_exit = contextlib.ExitStack()
close = _until_exit.close


@cache
def web() -> Web:
    """Return the web process, started by the first figure that needs it."""
    return _until_exit.enter_context(serving())


@cache
def twenty() -> Workload:
    """Return workload W2 (and W5): 20 staff, 30 days, 3,000 appointments."""
    return world.workload(staff=20, days=60, busy=300).over(30)


@cache
def hundreds() -> Workload:
    """Return workload W3: 200 staff, 90 days, 50,000 appointments."""
    return world.workload(staff=200, days=90, busy=250)


def warm() -> list[Line]:
    """Compare the starts of W2 with the cheapest question to the database."""
    samples = _asked({ONE: OFTEN, twenty().path("starts"): OFTEN})
    return [_against_one("1", "W2 starts, warm, against SELECT 1", samples, 2.0)]


def one_changed() -> list[Line]:
    """The same where one of the staff has changed before every request."""
    staff = cycle(person.pk for person in twenty().staff)
    path = twenty().path("starts")

    def changed() -> float:
        times = []
        for _ in range(OFTEN):
            claims.bump([next(staff)])
            times.append(web().get(path)[0])
        return median(times)

    samples = interleaved({ONE: _typical(ONE, OFTEN), path: changed})
    return [_against_one("2", "W2 starts, one of 20 staff changed", samples, 3.5)]


def days() -> list[Line]:
    """Compare the days of W5 that have a start with the cheapest question."""
    samples = _asked({ONE: OFTEN, twenty().path("days", days=60): OFTEN})
    return [_against_one("3", "W5 days, warm, against SELECT 1", samples, 2.0)]


def cold() -> list[Line]:
    """Compare W2 with nothing remembered with an empty view, and with the plain way."""
    ours, plain = twenty().path("cold"), twenty().path("plain")
    _same_answers(ours, plain)
    samples = _asked({EMPTY: OFTEN, ours: SELDOM, plain: SELDOM})
    what = f"W2 starts, all cold ({_ms(samples, ours)})"
    return [
        at_most("4", f"{what}, against an empty view", ratio(samples, ours, EMPTY), 25),
        at_least(
            "4",
            f"the same, faster than the plain ORM ({_ms(samples, plain)})",
            ratio(samples, plain, ours),
            8,
        ),
    ]


def large() -> list[Line]:
    """Compare the starts of W3 with the cheapest question."""
    samples = _asked({ONE: OFTEN, hundreds().path("starts"): OFTEN})
    return [_against_one("6", "W3 starts, warm, against SELECT 1", samples, 5)]


def page() -> list[Line]:
    """Compare a page of the booking flow with the same frame left empty."""
    offered = world.today().service
    empty = f"/page/{offered.business.slug}/"
    soon = timezone.now().date() + timedelta(days=7)
    path = f"/b/{offered.business.slug}/{offered.slug}/?day={soon:%Y-%m-%d}&month={soon:%Y-%m}"
    samples = _asked({empty: OFTEN, path: OFTEN})
    what = f"page of a service, 20 staff ({_ms(samples, path)} / {_ms(samples, empty)})"
    return [at_most("11", f"{what}, against its frame", ratio(samples, path, empty), 4)]


def memory() -> list[Line]:
    """Ask a thousand different things and look at the memory of the web process."""
    first, many = twenty(), hundreds()
    services = [world.service(first.service.business, first.staff) for _ in range(25)]
    sources = [first, many, *(Workload(each, first.staff, 30) for each in services)]
    after = {}
    for number in range(1, 1001):
        source = sources[number % len(sources)]
        staff = source.staff[number % 20].pk if number % 3 == 0 else 0
        path = source.path("starts", first=number % 60, days=number % 31 + 1, staff=staff)
        web().get(path)
        after[number] = float(json.loads(web().get("/memory/")[1]))
    growth = after[1000] / after[500]
    return [
        at_most("12", "memory of a web process, 1,000 requests", after[1000], 150, unit=" MB"),
        at_most("12", "the same, against after 500 requests", growth, 1.05),
    ]


def _asked(times: dict[str, int]) -> Samples:
    """Return the median seconds of every path, round by round."""
    return interleaved({path: _typical(path, count) for path, count in times.items()})


def _typical(path: str, times: int) -> Callable[[], float]:
    return partial(web().typical, path, times=times)


def _against_one(number: str, what: str, samples: Samples, bar: float) -> Line:
    (path,) = set(samples) - {ONE}
    taken = f"{what} ({_ms(samples, path)} / {_ms(samples, ONE)})"
    return at_most(number, taken, ratio(samples, path, ONE), bar)


def _ms(samples: Samples, path: str) -> str:
    return f"{median(samples[path]) * 1000:.2f} ms"


def _same_answers(ours: str, plain: str) -> None:
    """Make sure that the two ways agree before they are compared.

    Raises:
        AssertionError: they do not.
    """
    mine, theirs = (json.loads(web().get(path)[1])["starts"] for path in (ours, plain))
    assert [each[:16] for each in mine] == [each[:16] for each in theirs], (len(mine), len(theirs))
