"""Figure 13: the day on the desk, against the same page with nothing in it."""

from __future__ import annotations

from functools import partial

from django.conf import settings
from django.test import Client

from tests import make
from tests.bench.line import Line, at_most
from tests.bench.measure import interleaved, ratio, typical
from tests.bench.reading import OFTEN, web
from tests.crowded import crowd

COLUMNS, APPOINTMENTS = 20, 300


def day() -> list[Line]:
    """Compare a day of 20 columns and 300 appointments with its page left empty."""
    business = make.business()
    crowd(business, columns=COLUMNS, appointments=APPOINTMENTS, opens_at=make.at("09:00"))
    client = Client()
    client.force_login(make.member(business))
    name = settings.SESSION_COOKIE_NAME
    cookie = f"{name}={client.cookies[name].value}"
    empty, full = f"/desk-page/{business.slug}/", f"/desk/{business.slug}/?day=2031-03-04"
    samples = interleaved(
        {path: partial(web().typical, path, times=OFTEN, cookie=cookie) for path in (empty, full)}
    )
    times = " / ".join(f"{typical(samples, path) * 1000:.2f} ms" for path in (full, empty))
    weight = len(web().get(full, cookie=cookie)[1]) / 1000
    return [
        at_most(
            "13",
            f"day of {COLUMNS} columns, {APPOINTMENTS} appointments ({times}), against it empty",
            ratio(samples, full, empty),
            5,
        ),
        at_most("13", "the same, over the wire", weight, 120, unit=" KB"),
    ]
