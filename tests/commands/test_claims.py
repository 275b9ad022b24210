"""Claims: one writer, one guard, and no waiting in a circle."""

from __future__ import annotations

import ast
import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from bookings import commands
from bookings.errors import SlotTaken
from bookings.models import Claim
from bookings.queries import guard
from tests import make
from tests.make import NOW, at
from tests.meanwhile import aside, meanwhile, until_somebody_waits
from tests.proofs import invariants

ROOT = Path(__file__).resolve().parents[2]
WRITER = "bookings/commands/claims.py"
WRITES = {
    "abulk_create",
    "acreate",
    "add",
    "adelete",
    "aupdate",
    "bulk_create",
    "bulk_update",
    "create",
    "delete",
    "get_or_create",
    "save",
    "update",
    "update_or_create",
}


def writes_claims(source: str) -> Iterator[str]:
    """Yield what in a module's source writes claims: calls on the model, and SQL."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            is_claim = called == "Claim" or "Claim." in called or ".claims." in called
            if is_claim and (called == "Claim" or called.rsplit(".", 1)[-1] in WRITES):
                yield called
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            words = " ".join(node.value.lower().split())
            for verb in ("insert into", "update", "delete from", "truncate"):
                if f"{verb} bookings_claim" in words:
                    yield words


def test_nobody_else_writes_claims() -> None:
    writers = {
        str(path.relative_to(ROOT))
        for app in ("accounts", "bookings", "portal")
        for path in (ROOT / app).rglob("*.py")
        if list(writes_claims(path.read_text()))
    }

    assert writers == {WRITER}


@pytest.mark.parametrize(
    "source",
    [
        "Claim.objects.create(s=1)",
        "models.Claim.objects.filter(pk=1).delete()",
        "Claim(s=1).save()",
        "appointment.claims.update(expires_at=None)",
        "cursor.execute('INSERT INTO bookings_claim (s) VALUES (1)')",
        "cursor.execute('''DELETE FROM\\n bookings_claim''')",
    ],
)
def test_another_writer_would_be_noticed(source: str) -> None:
    assert list(writes_claims(source))


@pytest.mark.django_db
def test_the_database_refuses_what_no_command_would_write():
    booking = make.booking()
    claim = Claim.objects.get()

    with pytest.raises(IntegrityError), transaction.atomic():
        Claim.objects.create(
            resource=claim.resource, appointment=booking.appointment, s=claim.e - 1, e=claim.e + 9
        )
    Claim.objects.create(
        resource=claim.resource, appointment=booking.appointment, s=claim.e, e=claim.e + 9
    )


@pytest.mark.django_db
def test_a_portal_without_the_guard_is_not_ready(client: Client):
    assert guard.stands()

    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE bookings_claim DROP CONSTRAINT claim_no_overlap")

    assert not guard.stands()
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.content) == (
        503,
        b"the guard against double booking is missing\n",
    )


@pytest.mark.django_db
def test_days_on_end_take_a_claim_for_each_day():
    service = make.service(
        make.business(hours="00:00-00:00"),
        duration=timedelta(hours=60),
        interval=timedelta(hours=1),
    )

    booking = make.booking(service, starts_at=at("10:00"))

    lengths = Claim.objects.order_by("s").values_list("s", "e")
    assert [e - s for s, e in lengths] == [1440, 1440, 720]
    with pytest.raises(SlotTaken):
        make.booking(service, starts_at=at("21:00", days=3))
    moved = commands.reschedule(booking=booking, starts_at=at("11:00"), now=NOW)
    assert moved.appointment.starts_at == at("11:00")
    assert invariants.broken() == {}


@pytest.mark.django_db(transaction=True)
def test_days_on_end_and_a_move_into_their_beginning_do_not_wait_in_a_circle(caplog):
    business = make.business(hours="00:00-00:00")
    person = make.staff(business)
    short = make.service(business, by=[person])
    days = make.service(
        business, by=[person], duration=timedelta(hours=48), interval=timedelta(hours=1)
    )
    looked, go_on = threading.Event(), threading.Event()

    def pause() -> None:
        looked.set()
        go_on.wait()

    def book() -> None:
        with (
            meanwhile(pause, before='INSERT INTO "bookings_appointment"'),
            pytest.raises(SlotTaken),
        ):
            make.booking(days, starts_at=at("10:00", days=2))

    def let_it_go_on() -> None:
        go_on.set()
        until_somebody_waits()

    caplog.set_level(logging.WARNING, logger="bookings.commands.decision")
    with ThreadPoolExecutor(1) as thread:
        booking = thread.submit(aside, book)
        looked.wait()
        late = make.booking(short, starts_at=at("12:00", days=3))
        with meanwhile(let_it_go_on, before="INSERT INTO bookings_claim"):
            commands.reschedule(booking=late, starts_at=at("12:00", days=2), now=NOW)
        booking.result()

    assert caplog.messages == []
    assert Claim.objects.count() == 1
    assert invariants.broken() == {}
