"""The peers' input: other programs were measured on it on another day, on a like machine."""

from __future__ import annotations

from statistics import median

from tests.bench import engine, world
from tests.bench.line import Line
from tests.bench.measure import ROUNDS, cpu_seconds
from tests.bench.reading import web
from tests.bench.world import Workload

NOTE = """\
Peers: published medians, measured on another day on a like machine. Input: hours 09–17 on 7 days,
30 days, a 30-minute event every 15 minutes, 100 busy blocks of 15–60 minutes for each host.
cal.com: its engine alone, without database and HTTP, beside ours with nothing remembered.
django-appointment 3.12: over HTTP, beside ours over HTTP with nothing remembered, then warm."""


def same_input() -> list[Line]:
    """Measure our figures on the input of the peers."""
    one, many = world.peers(hosts=1), world.peers(hosts=20)
    together, hundred = world.peers(hosts=20, together=True), world.peers(hosts=100)
    return [
        _engine("1 host", one, "cal.com 7.6 ms"),
        _engine("20 hosts, collective", together, "cal.com 42 ms"),
        _engine("20 hosts, round robin", many, "cal.com 48 ms"),
        _engine("100 hosts, round robin", hundred, "cal.com 225 ms"),
        _http("1 staff × 1 day", one.over(1), "django-appointment 6 ms"),
        _http("1 staff × 30 days", one, "django-appointment 203 ms"),
        _http("20 staff × 30 days", many, "django-appointment 4.3 s"),
    ]


def _engine(what: str, load: Workload, peer: str) -> Line:
    compute = engine.computed(load)

    def afresh() -> None:
        engine.forget_hours()
        compute()

    seconds = cpu_seconds(afresh, times=ROUNDS)
    return Line("peers", f"{what}, engine alone, CPU", f"{seconds * 1000:.2f} ms", peer)


def _http(what: str, load: Workload, peer: str) -> Line:
    cold, warm = (
        median(web().get(load.path(view))[0] for _ in range(ROUNDS)) * 1000
        for view in ("cold", "starts")
    )
    return Line("peers", f"{what}, over HTTP", f"{cold:.1f} ms; {warm:.1f} ms", peer)
