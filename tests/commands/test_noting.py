"""Internal notes: who wrote some is known, what they say is between staff."""

from __future__ import annotations

import pytest

from bookings import commands
from bookings.commands import Actor
from bookings.errors import ChangedMeanwhile, Invalid
from bookings.models import Appointment, Event
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db

DESK = Actor("staff", "desk@example.org")


def write(text: str, **more: object) -> Appointment:
    appointment = Appointment.objects.get()
    return commands.write_notes(
        appointment=appointment, text=text, **{"now": NOW, "actor": DESK} | more
    )


def test_notes_are_kept_clean_and_the_event_does_not_repeat_them():
    make.booking()

    noted = write(" Bring\r\nthe keys\x00 ")

    noted.refresh_from_db()
    assert (noted.staff_notes, noted.version) == ("Bring\nthe keys", 2)
    event = Event.objects.get(kind="appointment.noted")
    assert (event.actor, event.data, event.version) == (str(DESK), {}, 2)


def test_the_same_notes_again_are_no_news():
    make.booking()

    assert write("keys").version == write(" keys\n").version


def test_notes_that_are_too_long_or_written_on_an_older_look_are_refused():
    make.booking()
    write("Ann's")

    with pytest.raises(Invalid):
        write("x" * 4001)
    with pytest.raises(ChangedMeanwhile):
        write("Bob's", version=1)

    assert Appointment.objects.get().staff_notes == "Ann's"
