"""Figures 5 and 10: the computation alone, and the depth of the table it reads from."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.db import connection

from bookings.engine.slots import minutes
from bookings.models import Service
from bookings.queries import availability, busy, frames
from bookings.queries.frames import Ask
from bookings.queries.plan import plan_of
from tests.bench import views, world
from tests.bench.line import Line, at_most
from tests.bench.measure import cpu_seconds, interleaved, ratio, typical, wall_seconds
from tests.bench.world import NOW, Workload

TIMES = 15
FEW, MANY = "few", "many"


def computation() -> list[Line]:
    """Measure what Python spends between the rows and the starts."""
    large = world.workload(staff=40, days=60, busy=300)
    twenty = Workload(world.service(large.service.business, large.staff[:20]), large.staff, 30)
    contestants = {
        "W2": twenty,
        "staff": large.over(30),
        "days": twenty.over(60),
    }
    samples = interleaved(
        {
            name: partial(cpu_seconds, computed(each), times=TIMES)
            for name, each in contestants.items()
        }
    )
    milliseconds = typical(samples, "W2") * 1000
    return [
        at_most("5", "W2 compute only, CPU", milliseconds, 2.5, unit=" ms"),
        at_most("5", "the same with twice the staff", ratio(samples, "staff", "W2"), 2.5),
        at_most("5", "the same with twice the days", ratio(samples, "days", "W2"), 2.7),
    ]


def computed(load: Workload) -> Callable[[], list[int]]:
    """Return the computation from rows already read to starts, opening hours remembered."""
    plan, (lo, hi) = plan_of(load.service.pk), world.span(0, load.days)
    ask, shape = Ask(plan, NOW), plan.shape
    taken = busy.taken(
        plan.business_id,
        plan.resource_ids,
        lo=lo - shape.before,
        hi=hi + shape.duration + shape.after,
        now=NOW,
    )

    wanted = [(pool, member) for pool in plan.pools for member in pool.members]

    def compute() -> list[int]:
        rows = frames.strike(ask, wanted, taken, {}, lo=lo, hi=hi)
        bits = {number: row.bits for number, row in rows.items()}
        return minutes(frames.combined(plan.pools, bits), lo)

    assert compute() == availability.offer(plan.service_id, lo=lo, hi=hi, now=NOW).minutes()
    return compute


def forget_hours() -> None:
    """Forget the opening hours that were laid out."""
    frames._fits.clear()
    frames._grids.clear()


def depth() -> list[Line]:
    """Compare a table of a million claims with one of a hundred thousand, as dense."""
    databases = {FEW: 100, MANY: 1000}
    home = connection.settings_dict["NAME"]
    asked = {name: _filled(name, people, home) for name, people in databases.items()}
    samples = interleaved(
        {name: partial(_fetched, name, service) for name, service in asked.items()}
    )
    _use(home)
    times = f"{typical(samples, MANY) * 1000:.1f} / {typical(samples, FEW) * 1000:.1f} ms"
    what = f"20 staff × 30 days, 1,000,000 claims against 100,000 ({times})"
    return [at_most("10", what, ratio(samples, MANY, FEW), 1.5)]


def _fetched(name: str, service: int) -> float:
    """Return the typical seconds for starts that are not remembered, opening hours are."""
    _use(name)
    views.forget()
    lo, hi = world.span(80, 30)

    def ask() -> None:
        frames._starts.clear()
        frames._offers.clear()
        availability.offer(service, lo=lo, hi=hi, now=NOW)

    ask()
    return wall_seconds(ask, times=TIMES)


def _filled(name: str, people: int, home: str) -> int:
    """Make a database with a thousand claims for each of `people`; return a service of 20."""
    _use(home)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE bare")
    _use(name)
    of = world.business()
    staff = world.people(of, people)
    offered = world.service(of, staff[:: people // 20])
    _claim(offered, [person.pk for person in staff])
    return offered.pk


def _claim(offered: Service, staff: list[int]) -> None:
    """Block five times on each of 200 days for everybody, in the order of time."""
    world.store(offered, [(staff[0], 0, 1)])
    with connection.cursor() as cursor:
        # Foreign keys are not checked row by row, and the guard is built once, at the end.
        cursor.execute("SET session_replication_role = replica")
        with world.unguarded(cursor):
            cursor.execute(
                """
                INSERT INTO bookings_claim (resource_id, appointment_id, s, e)
                SELECT person, (SELECT max(id) FROM bookings_appointment), start, start + 50
                FROM generate_series(0, 199) day, generate_series(0, 4) place,
                    unnest(%s::bigint[]) person,
                    LATERAL (SELECT %s + day * 1440 + place * 108 + person %% 11 * 5) at (start)
                ORDER BY day, place, person
                """,
                [staff, world.span(0, 1)[0] + world.EARLIEST],
            )
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM ANALYZE bookings_claim")


def _use(database: str) -> None:
    """Let this process talk to another database of the same server."""
    connection.close()
    connection.settings_dict["NAME"] = database
