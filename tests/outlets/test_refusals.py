"""What the mail server refuses for good, and what is worth another try."""

from __future__ import annotations

import socket

import pytest
from pytest_django import Settings

from bookings import outlets
from bookings.outlets import OutletError
from tests.outlets.conftest import smtp
from tests.outlets.letters import envelope
from tests.outlets.sink import Sink


def refused() -> tuple[bool, str]:
    """Send, and return whether it is refused for good and why."""
    with pytest.raises(OutletError) as caught:
        outlets.send(envelope())
    return caught.value.permanent, str(caught.value)


def test_an_unknown_recipient_is_final(sink: Sink) -> None:
    sink.to_recipient = "550 5.1.1 No such user"

    assert refused() == (True, "550 5.1.1 No such user")


def test_a_full_mailbox_is_tried_again(sink: Sink) -> None:
    sink.to_recipient = "452 4.2.2 Mailbox full"

    assert refused() == (False, "452 4.2.2 Mailbox full")


def test_a_refused_text_is_final(sink: Sink) -> None:
    sink.to_text = "554 5.7.1 Looks like spam"

    assert refused() == (True, "554 5.7.1 Looks like spam")


def test_a_text_put_off_is_tried_again(sink: Sink) -> None:
    sink.to_text = "451 4.7.1 Greylisted"

    assert refused() == (False, "451 4.7.1 Greylisted")


def test_a_refused_sender_is_tried_again_because_the_letter_is_not_to_blame(sink: Sink) -> None:
    sink.to_sender = "553 5.7.1 Sender not allowed"

    assert refused() == (False, "553 5.7.1 Sender not allowed")


def test_a_server_that_dies_after_the_text_is_tried_again_under_the_same_id(sink: Sink) -> None:
    sink.dies_after_text = True
    permanent, _ = refused()
    sink.dies_after_text = False

    outlets.send(envelope())

    first, second = sink.taken
    assert permanent is False
    assert first["Message-ID"] == second["Message-ID"]


def test_nobody_listening_is_tried_again(settings: Settings) -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        smtp(settings, port=deaf.getsockname()[1])

        permanent, reason = refused()

    assert permanent is False
    assert "refused" in reason.lower()


def test_a_server_that_says_nothing_is_given_up_and_tried_again(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        smtp(settings, port=silent.getsockname()[1])
        settings.EMAIL_TIMEOUT = 0.2

        assert refused() == (False, "Connection unexpectedly closed: timed out")


@pytest.mark.parametrize(
    "address",
    [
        "nowhere",
        "jo@",
        "jo@smith.example, eve@evil.example",
        "jo@smith.example\nBcc: eve@evil.example",
        "jo smith@x.example",
        "Jo <jo@smith.example>",
        '"jo\x01"@smith.example',
        "jo@-smith.example",
        "",
    ],
)
def test_an_impossible_address_is_final_and_nothing_is_sent(sink: Sink, address: str) -> None:
    of_jo = envelope()
    impossible = outlets.Envelope(key=of_jo.key, address=address, letter=of_jo.letter)

    with pytest.raises(OutletError) as caught:
        outlets.send(impossible)

    assert caught.value.permanent is True
    assert sink.taken == []
