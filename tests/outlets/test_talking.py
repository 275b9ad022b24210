"""Several letters in one talk with the mail server, and the end of a talk."""

from __future__ import annotations

import time

import pytest

from bookings import outlets
from bookings.outlets import OutletError
from bookings.outlets.email import talking
from portal.smtp import LETTERS_IN_A_TALK
from tests.outlets.letters import envelope
from tests.outlets.sink import Sink


def send(*keys: str) -> None:
    for key in keys:
        outlets.send(envelope(key=key))


def test_letters_that_follow_each_other_leave_in_one_talk(sink: Sink) -> None:
    with talking():
        send("1", "2", "3")
    send("4")

    assert len(sink.taken) == 4
    assert len(set(sink.talks[:3])) == 1
    assert len(set(sink.talks)) == 2


def test_a_talk_ends_before_it_is_too_long_for_a_mail_server(sink: Sink) -> None:
    with talking():
        send(*(str(number) for number in range(LETTERS_IN_A_TALK + 1)))

    assert [sink.talks.count(talk) for talk in dict.fromkeys(sink.talks)] == [LETTERS_IN_A_TALK, 1]


def test_a_server_that_has_hung_up_meanwhile_delays_no_letter(sink: Sink) -> None:
    sink.leaves_after_text = True
    with talking():
        send("1")
        time.sleep(0.1)
        send("2")

    assert len(set(sink.talks)) == 2


@pytest.mark.parametrize("refusal", ["550 No such user", "452 Mailbox full"])
def test_a_letter_that_is_refused_spoils_nothing_for_the_next(sink: Sink, refusal: str) -> None:
    with talking():
        send("1")
        sink.to_recipient = refusal
        with pytest.raises(OutletError):
            send("2")
        sink.to_recipient = ""
        send("3")

    assert len(sink.taken) == 2


def test_a_server_that_dies_after_the_text_gets_the_next_letter_in_a_new_talk(sink: Sink) -> None:
    sink.dies_after_text = True
    with talking():
        with pytest.raises(OutletError):
            send("1")
        sink.dies_after_text = False
        send("1", "2")

    first, again, other = (each["Message-ID"] for each in sink.taken)
    assert first == again
    assert again != other
    assert sink.talks[0] != sink.talks[1] == sink.talks[2]
