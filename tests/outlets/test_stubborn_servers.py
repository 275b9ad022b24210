"""Mail servers that hang, drip, flood, reset or refuse, at each step of the talk."""

from __future__ import annotations

import time

import pytest
from pytest_django import Settings

from bookings import outlets
from bookings.outlets import OutletError
from portal import smtp as bounded
from tests.outlets.conftest import smtp
from tests.outlets.letters import envelope
from tests.outlets.stubborn import DRIP, FLOOD, HANG, RESET, STEPS, Step, Stubborn

BEFORE_THE_END = STEPS[:-1]


@pytest.fixture(autouse=True)
def _in_a_hurry(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten the talk: less for all up to the text than for the whole."""
    settings.EMAIL_TIMEOUT = 0.3
    monkeypatch.setattr(bounded, "WHOLE_TALK_SECONDS", 0.6)
    monkeypatch.setattr(bounded, "LEAVE_SECONDS", 0.2)


def outcome(settings: Settings, server: Stubborn) -> OutletError | None:
    """Send a letter there; returns the refusal, None where the letter left."""
    smtp(settings, port=server.port)
    try:
        outlets.send(envelope())
    except OutletError as refusal:
        return refusal
    return None


@pytest.mark.parametrize("answer", [HANG, DRIP, FLOOD, RESET])
@pytest.mark.parametrize("step", BEFORE_THE_END)
def test_a_server_that_misbehaves_is_left_in_time_and_tried_again(
    settings: Settings, step: Step, answer: str
) -> None:
    with Stubborn(step, answer).listening() as server:
        began = time.monotonic()
        refusal = outcome(settings, server)
        took = time.monotonic() - began

    assert refusal is not None
    assert not refusal.permanent
    assert took < 5


@pytest.mark.parametrize("answer", ["421 4.3.2 going down", "451 4.3.0 later", "454 4.7.0 not now"])
@pytest.mark.parametrize("step", BEFORE_THE_END)
def test_later_means_later_wherever_it_is_said(settings: Settings, step: Step, answer: str) -> None:
    with Stubborn(step, answer).listening() as server:
        refusal = outcome(settings, server)

    assert refusal is not None
    assert not refusal.permanent


@pytest.mark.parametrize("step", BEFORE_THE_END)
def test_never_is_believed_of_the_address_and_the_letter_alone(
    settings: Settings, step: Step
) -> None:
    with Stubborn(step, "554 5.0.0 never").listening() as server:
        refusal = outcome(settings, server)

    assert refusal is not None
    assert refusal.permanent == (step in ("RCPT", "DATA", "text"))


@pytest.mark.parametrize("answer", [HANG, DRIP, FLOOD, RESET, "500 what?", "garbage"])
def test_a_letter_that_was_taken_has_left_however_the_talk_ends(
    settings: Settings, answer: str
) -> None:
    with Stubborn("QUIT", answer).listening() as server:
        refusal = outcome(settings, server)

    assert refusal is None
    assert len(server.texts) == 1


def test_the_answer_to_the_text_may_take_longer_than_all_before_it(settings: Settings) -> None:
    with Stubborn("text", "250 taken after a long look", seconds=0.4).listening() as server:
        refusal = outcome(settings, server)

    assert refusal is None
    assert len(server.texts) == 1
