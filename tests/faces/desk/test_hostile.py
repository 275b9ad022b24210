"""Whatever is sent to the desk, it answers in words; who may not change anything changes nothing.

The forms are found as a browser finds them: on the pages that links lead to.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from django.db import connection, transaction
from django.test import Client

from accounts.models import User
from bookings.models import (
    Answer,
    Appointment,
    Booking,
    Business,
    Customer,
    Invitation,
    Message,
    Question,
    Resource,
    Service,
    TimeOff,
)
from tests.faces.desk.crawl import Form, Page, crawled
from tests.permissions.world import World

pytestmark = pytest.mark.django_db

HOSTILE = [
    "\0",
    "9" * 5000,
    "0001-01-01",
    "1e309",
    "9999-12-31",
    "x" * 100_000,
    "-1",
    "2031-13-45",
    "²",
    "25:61",
    "\u202e\uffff'=1+1",
    "9999-12-31T23:59:59-23:59",
    "0001-01-01T00:00:00|9999-12-31T00:00:00|x",
    "{AAAAAAAA-AAAA-4AAA-8AAA-AAAAAAAAAAAA}",
]
"""What no honest browser sends; the first two have broken things."""
ASKED = (
    *("day", "time", "resource", "service", "colours", "from", "until", "state", "text", "page"),
    *("q", "after", "before", "first", "last", "days", "staff", "earlier", "customer", "other"),
    *("start", "find", "known", "name", "email", "seats", "fold", "kind"),
)
"""What pages read from their addresses."""
EVIL = """'"></title></textarea></script><b data-evil>"""
SENSIBLE = {
    "name": "Zoe",
    "email": "zoe@example.org",
    "day": "2031-03-10",
    "time": "10:00",
    "title": "Away",
    "from_day": "2031-03-11",
    "from_time": "10:00",
    "until_time": "12:00",
    "role": "scheduler",
    "sure": "on",
    "notes": "Tall",
    "reason": "Ill",
    "url": "https://receiver.example/hook",
    "scope": "all",
}
"""What somebody would fill in where a form is empty."""
ALLOWED = {("viewer", "desk:feeds")}
"""What they may do after all: whoever works here may have a calendar feed."""
TOUCHLESS = ("django_session", "usersessions_usersession", "cache")


@pytest.fixture
def world() -> World:
    """Return two businesses with one of everything."""
    return World()


@pytest.fixture
def forms(world: World) -> list[Form]:
    """Return the forms of the desk, as an admin finds them."""
    found: dict[tuple[str, str, tuple[str, ...]], Form] = {}
    for page in crawled(world.clients["admin"], f"/desk/{world.a.business.slug}/"):
        for form in page.forms:
            if form.verb in ("GET", "POST") and form.action.startswith("/desk/"):
                found.setdefault((form.route, form.verb, tuple(form.names)), form)
    return list(found.values())


def filled(form: Form) -> dict[str, str]:
    """Return the fields of a form as somebody sends it who has filled it in."""
    return {name: value or SENSIBLE.get(name, "") for name, value in form.fields}


class _Undo(Exception):
    """Ends the savepoint of one request."""


def sent(client: Client, verb: str, address: str, fields: Mapping[str, str]) -> tuple[int, int]:
    """Return the status of the answer and how many rows it wrote; they are as before again."""
    cookies = client.cookies.copy()
    try:
        with transaction.atomic():
            before = written()
            send = client.post if verb == "POST" else client.get
            answer = send(address, dict(fields))
            found = answer.status_code, written() - before
            raise _Undo
    except _Undo:
        client.cookies = cookies
        return found


def written() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)"
            " FROM pg_stat_xact_user_tables WHERE relname <> ALL(%s)",
            [list(TOUCHLESS)],
        )
        return int(cursor.fetchone()[0])


@pytest.mark.slow
def test_no_field_of_any_form_breaks_the_desk(world: World, forms: list[Form]) -> None:
    client, broken = world.clients["admin"], []
    for form in forms:
        honest = filled(form)
        for value in HOSTILE:
            attempts = [dict.fromkeys(form.names, value)]
            if value in HOSTILE[:2]:
                attempts += [honest | {name: value} for name in form.names]
            for fields in attempts:
                status, _rows = sent(client, form.verb, form.action, fields)
                if status >= 500:
                    wrong = [name for name in fields if fields[name] == value]
                    broken.append(f"{form.verb} {form.route} {wrong} = {value[:20]!r}: {status}")
    assert not broken, "\n".join(broken)
    assert len(forms) > 30


@pytest.mark.slow
def test_no_address_of_any_page_breaks_the_desk(world: World) -> None:
    client, broken = world.clients["admin"], []
    pages = [page.address for page in crawled(client, f"/desk/{world.a.business.slug}/")]
    for address in pages:
        for value in HOSTILE[::2]:
            status, rows = sent(client, "GET", address, dict.fromkeys(ASKED, value))
            if status >= 500 or rows:
                broken.append(f"{address} {value[:20]!r}: {status}, {rows} rows written")
    assert not broken, "\n".join(broken)
    assert len(pages) > 20


def test_words_that_people_typed_are_never_tags(world: World) -> None:
    for rows, names in {
        Business: ("name", "address"),
        Service: ("name", "place"),
        Resource: ("name",),
        Customer: ("name", "notes"),
        Booking: ("name", "notes"),
        Appointment: ("staff_notes",),
        Question: ("text",),
        Answer: ("value",),
        TimeOff: ("title",),
        User: ("name",),
        Invitation: ("invited_by",),
        Message: ("body",),
    }.items():
        for row in rows._default_manager.all():
            fields = {name: f"{getattr(row, name)}{EVIL}"[-100:] for name in names}
            rows._default_manager.filter(pk=row.pk).update(**fields)
    client = world.clients["admin"]

    pages = list(crawled(client, f"/desk/{world.a.business.slug}/"))
    for found in list(pages):
        for header in ("HX-Request", "X-Requested-With"):
            part = client.get(found.address, headers={header: "fetch"})
            pages.append(Page(found.address, part.content.decode()))
    suggested = client.get(f"/desk/{world.a.business.slug}/customers/suggest/?q=own")
    pages.append(Page("suggest", suggested.content.decode()))

    assert [page.address for page in pages if page.is_evil] == []
    assert sum("data-evil" in page.text for page in pages) > 20


def test_who_may_not_change_anything_changes_nothing_by_any_form(
    world: World, forms: list[Form]
) -> None:
    posts = [form for form in forms if form.verb == "POST"]
    changed = set()
    for form in posts:
        status, rows = sent(world.clients["admin"], "POST", form.action, filled(form))
        if status == 303 and rows:
            changed.add(form.route)
    wrong = []
    for actor in ("anonymous", "disabled", "nobody", "guest", "viewer", "foreign_admin"):
        for form in posts:
            if (actor, form.route) in ALLOWED:
                continue
            status, rows = sent(
                world.clients.get(actor, Client()), "POST", form.action, filled(form)
            )
            if rows or status not in (302, 403, 404):
                wrong.append(f"{form.route} by {actor}: {status}, {rows} rows written")
    assert not wrong, "\n".join(wrong)
    assert len(changed) > 15, changed
