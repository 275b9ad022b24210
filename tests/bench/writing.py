"""Figures 7 to 9: booking, alone and against each other."""

from __future__ import annotations

from datetime import timedelta
from itertools import chain
from statistics import median

from django.db import connection

from bookings.models import Business, Resource, Service
from tests import make
from tests.bench import jobs, world
from tests.bench.crowd import gathered
from tests.bench.line import Line, at_least

ROUNDS, EACH = 8, 12
RUSHES = 80
CONTROLS = 16
SESSIONS, PLACES = 10, 8


def uncontended() -> list[Line]:
    """Compare bookings per second with those of the plain way, nobody in each other's way."""
    of = _business()
    staff = [make.staff(of) for _ in range(16)]
    offered = _service(of, staff)
    spent = gathered(
        "fill_own_days",
        processes=4,
        threads=4,
        service=offered.pk,
        staff=[person.pk for person in staff],
        rounds=ROUNDS,
        each=EACH,
    )
    ours, plain = (_rates(way, list(chain(*spent))) for way in (jobs.OURS, jobs.PLAIN))
    ratio = median(a / b for a, b in zip(ours, plain, strict=True))
    what = f"bookings/s, 16 clients ({median(ours):.0f}), against check-then-insert"
    return [at_least("7", f"{what} ({median(plain):.0f})", ratio, 1.2)]


def contended() -> list[Line]:
    """Count what goes wrong where 64 clients want the same time; with the control."""
    of = _business()
    first, *others = (make.staff(of) for _ in range(3))
    order = {
        "alone": _service(of, [first]).pk,
        "together": _service(of, [first, *others], assignment="all").pk,
        "staff": first.pk,
    }
    deadlocks = _deadlocks()
    attempts = _attempts("rush", **order, rounds=RUSHES, first=0, way=jobs.OURS)
    deadlocks = _deadlocks() - deadlocks
    doubles, errors = _doubles(), [what for _, what, _ in attempts if what.startswith("error")]
    winners = [number for number, what, _ in attempts if what == "booked"]
    longest = max(seconds for *_, seconds in attempts)
    won = len(set(winners)) == len(winners) == RUSHES
    return [
        Line("8", f"{len(attempts)} contended attempts: doubles", f"{doubles}", "0", doubles == 0),
        Line("8", "deadlocks", f"{deadlocks}", "0", deadlocks == 0),
        Line("8", "errors", f"{len(errors)}", "0", not errors),
        Line("8", "rounds with one winner", f"{len(set(winners))}", f"{RUSHES}", won),
        Line("8", "longest answer", f"{longest:.2f} s", "< 1 s", longest < 1),
        _control(order),
    ]


def _control(order: dict[str, int]) -> Line:
    """Do the same the plain way with the guard off, and put the guard back."""
    with connection.cursor() as cursor, world.unguarded(cursor):
        _attempts("rush", **order, rounds=CONTROLS, first=RUSHES, way=jobs.PLAIN)
        doubles = _doubles()
        cursor.execute("DELETE FROM bookings_claim WHERE resource_id = %s", [order["staff"]])
    what = f"{64 * CONTROLS} attempts of check-then-insert, guard off: doubles"
    return Line("8", what, f"{doubles}", "> 0", doubles > 0)


def seats() -> list[Line]:
    """Fill sessions with parties of 1 to 4."""
    of = _business()
    offered = _service(of, [make.staff(of)], capacity=PLACES)
    attempts = _attempts("join", service=offered.pk, sessions=SESSIONS)
    taken = [sum(each) for each in _seats_by_session(attempts)]
    rows = list(
        offered.appointments.filter(state="scheduled").values_list("seats_taken", flat=True)
    )
    over = sum(count > PLACES for count in [*taken, *rows])
    left = SESSIONS * PLACES - sum(rows)
    what = f"{SESSIONS} sessions × {PLACES} seats, {len(attempts)} parties: sessions over capacity"
    return [
        Line("9", what, f"{over}", "0", over == 0),
        Line("9", "places left empty", f"{left}", "0", left == 0 and sum(taken) == sum(rows)),
    ]


def _seats_by_session(attempts: list[jobs.Attempt]) -> list[list[int]]:
    return [
        [int(what.split()[1]) for at, what, _ in attempts if at == number and "booked" in what]
        for number in range(SESSIONS)
    ]


def _attempts(job: str, **order: object) -> list[jobs.Attempt]:
    answers = gathered(job, processes=8, threads=8, **order)
    return [attempt for answer in answers for attempt in answer]


def _business() -> Business:
    return world.business(zone="UTC", hours="08:00-18:00")


def _service(of: Business, by: list[Resource], **fields: object) -> Service:
    nothing = timedelta(0)
    return world.service(of, by, **{"buffer_before": nothing, "buffer_after": nothing} | fields)


def _rates(way: str, spent: list[tuple[str, int, float, float]]) -> list[float]:
    """Return the bookings per second of every round but the first, which warms up."""
    rates = []
    for number in range(1, ROUNDS):
        spans = [(began, ended) for each, at, began, ended in spent if (each, at) == (way, number)]
        took = max(ended for _, ended in spans) - min(began for began, _ in spans)
        rates.append(len(spans) * EACH / took)
    return rates


def _doubles() -> int:
    """Return how many claims overlap an earlier one of the same resource."""
    return _count(
        "SELECT count(*) FROM bookings_claim late WHERE EXISTS (SELECT FROM bookings_claim early"
        " WHERE early.resource_id = late.resource_id AND early.id < late.id"
        " AND early.s < late.e AND late.s < early.e)"
    )


def _deadlocks() -> int:
    return _count("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")


def _count(question: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return int(cursor.fetchone()[0])
