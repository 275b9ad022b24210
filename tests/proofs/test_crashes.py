"""Killed at any statement: either nothing has happened, or all of it, letters included."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from bookings import commands
from bookings.engine.policy import LIVE
from bookings.models import Booking, Claim, Event, Message, ResourceVersion, Service
from tests import make
from tests.make import NOW, at
from tests.outlets.sink import Server, Sink
from tests.proofs import invariants
from tests.proofs.crowd import Errand, address_of
from tests.proofs.victims import Death, Moment, Victims

EVERY_POINT = pytest.mark.parametrize(
    "moments", [("after",), pytest.param(("before", "after"), marks=pytest.mark.slow)]
)
"""Dying after one statement is much like dying before the next; all points take twice as long."""
EVERY_POINT_IN_TIME = pytest.mark.parametrize(
    "moments", [pytest.param(("before", "after"), marks=pytest.mark.slow)]
)
"""The same for decisions that are put together like one of the others."""


@pytest.fixture
def victims(transactional_db: None) -> Iterator[Victims]:
    with Victims(address_of(str(connection.settings_dict["NAME"]))) as victims:
        yield victims


def rows() -> tuple[int, int, int, int, int]:
    """Return how many bookings, claims, events, letters and changes of versions there are."""
    return (
        Booking.objects.filter(state__in=LIVE).count(),
        Claim.objects.count(),
        Event.objects.count(),
        Message.objects.count(),
        sum(ResourceVersion.objects.values_list("version", flat=True)),
    )


def killed_everywhere(
    victims: Victims,
    moments: tuple[Moment, ...],
    errand: Callable[[datetime], Errand],
    done: tuple[int, int, int, int, int],
) -> int:
    """Run errands that die one statement later each time, until one survives.

    `errand` prepares the one for a start of its own; `done` is what it adds to `rows` when it
    succeeds. Whatever a death leaves, the same errand again must bring to exactly that.
    Returns: how many deaths there were.
    """
    for deaths, death in enumerate(victims.deaths(moments=moments)):
        order = errand(at("10:00", days=1 + deaths % 50) + timedelta(hours=deaths // 50))
        before = rows()
        finished = tuple(a + b for a, b in zip(before, done, strict=True))
        died = victims.run(order, death)
        assert rows() in (before, finished), death
        assert invariants.broken() == {}, death
        victims.run(order)
        assert rows() == finished, death
        if not died:
            return deaths
    raise AssertionError


def book(service: Service, starts_at: datetime, **more: object) -> Errand:
    where = {"service": service.pk, "starts_at": starts_at.isoformat(), "now": NOW.isoformat()}
    return "book", where | more


@EVERY_POINT
def test_a_booking_and_its_letters_are_written_together_or_not_at_all(victims, moments):
    service = make.service()

    def errand(starts_at: datetime) -> Errand:
        return book(service, starts_at, key=starts_at.isoformat())

    assert killed_everywhere(victims, moments, errand, (1, 1, 1, 3, 1)) > 20


@EVERY_POINT_IN_TIME
def test_a_hold_becomes_a_booking_with_its_letters_or_stays_a_hold(victims, moments):
    service = make.service()

    def errand(starts_at: datetime) -> Errand:
        held = commands.hold(service=service, starts_at=starts_at, now=NOW)
        return book(service, starts_at, hold=held.token)

    assert killed_everywhere(victims, moments, errand, (0, 0, 1, 3, 0)) > 15


@EVERY_POINT
def test_a_move_takes_everything_along_or_nothing(victims, moments):
    service = make.service()

    def errand(starts_at: datetime) -> Errand:
        booking = make.booking(service, starts_at=starts_at)
        later = (starts_at + timedelta(minutes=30)).isoformat()
        return "reschedule", {"booking": booking.pk, "starts_at": later, "now": NOW.isoformat()}

    assert killed_everywhere(victims, moments, errand, (0, 0, 1, 3, 1)) > 20


@EVERY_POINT_IN_TIME
def test_a_cancellation_frees_the_time_and_tells_everybody_or_does_nothing(victims, moments):
    service = make.service()

    def errand(starts_at: datetime) -> Errand:
        booking = make.booking(service, starts_at=starts_at)
        return "cancel", {"booking": booking.pk, "now": NOW.isoformat()}

    assert killed_everywhere(victims, moments, errand, (-1, -1, 1, 3, 1)) > 12


@EVERY_POINT_IN_TIME
def test_an_approval_confirms_and_tells_everybody_or_does_nothing(victims, moments):
    service = make.service(needs_approval=True)

    def errand(starts_at: datetime) -> Errand:
        booking = make.booking(service, starts_at=starts_at)
        return "approve", {"booking": booking.pk, "now": NOW.isoformat()}

    assert killed_everywhere(victims, moments, errand, (0, 0, 1, 3, 0)) > 8


@EVERY_POINT_IN_TIME
def test_a_refused_request_frees_the_time_and_tells_everybody_or_stays(victims, moments):
    service = make.service(needs_approval=True)

    def errand(starts_at: datetime) -> Errand:
        booking = make.booking(service, starts_at=starts_at)
        return "decline", {"booking": booking.pk, "now": NOW.isoformat()}

    assert killed_everywhere(victims, moments, errand, (-1, -1, 1, 3, 1)) > 12


@EVERY_POINT_IN_TIME
def test_whoever_is_given_an_appointment_gets_all_of_it_or_nothing(victims, moments):
    business = make.business()
    ann, bob = make.staff(business), make.staff(business)
    service = make.service(business, by=[ann, bob])

    def errand(starts_at: datetime) -> Errand:
        booking = make.booking(service, starts_at=starts_at, staff=ann)
        whole = {"appointment": booking.appointment_id, "staff": bob.pk}
        return "reassign", whole | {"now": NOW.isoformat()}

    assert killed_everywhere(victims, moments, errand, (0, 0, 2, 4, 2)) > 20


@pytest.fixture
def sink() -> Iterator[tuple[Sink, int]]:
    """Run a mail server; yields what it takes, and its port."""
    kept = Sink()
    server = Server(kept)
    server.start()
    yield kept, server.port
    server.stop()


@pytest.mark.parametrize(
    ("moments", "between"),
    [(("before",), 3), pytest.param(("before", "after"), 5, marks=pytest.mark.slow)],
)
@pytest.mark.django_db(transaction=True)
def test_a_killed_sender_loses_no_letter_and_repeats_at_most_one(sink, moments, between):
    """`between`: the deaths after a letter has left and before that is committed."""
    mails, port = sink
    now = make.today()
    business = make.business(notify_business=False)
    service = make.service(business, by=[make.staff(business, is_notified=False)])
    address = address_of(str(connection.settings_dict["NAME"]))
    repeats = 0
    with Victims(address, EMAIL_URL=f"smtp://127.0.0.1:{port}") as victims:
        for death in victims.deaths(moments=moments):
            make.booking(service, starts_at=make.next_start(service, now), now=now)
            mails.taken.clear()
            if not victims.run(("deliver", {}), death):
                break
            repeats += _after_the_lease(victims, mails, death)
    assert len(mails.taken) == 1
    assert death.at > 12
    assert repeats == between


def _after_the_lease(victims: Victims, mails: Sink, death: Death) -> int:
    """Let the lease of a killed sender pass, send again, and return how many letters came twice."""
    leased = Message.objects.filter(sent_at=None, attempts=1)
    assert leased.count() <= 1, death
    assert leased.filter(leased_until__lte=timezone.now()).count() == 0, death
    leased.update(leased_until=timezone.now())
    victims.run(("deliver", {}))

    assert not Message.objects.filter(sent_at=None).exists(), death
    ids = [mail["Message-ID"] for mail in mails.taken]
    assert len(set(ids)) == 1, death
    assert len(ids) <= 2, death
    return len(ids) - 1
