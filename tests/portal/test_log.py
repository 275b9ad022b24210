"""Logs that name no customer."""

from __future__ import annotations

import logging

from portal.log import DiscreetFormatter


def line(message: str) -> str:
    record = logging.LogRecord("x", logging.ERROR, "", 0, message, None, None)
    return DiscreetFormatter("{message}", style="{").format(record)


def test_an_address_is_left_out() -> None:
    assert line("mail to ada.l+x@example.org failed") == "mail to <address> failed"


def test_the_token_of_a_link_is_left_out() -> None:
    token = "x-_" * 14 + "y"

    assert line(f"Not Found: /m/{token}/move/") == "Not Found: /m/<token>/move/"


def test_a_row_that_the_database_quotes_is_left_out() -> None:
    assert line("broken\nDETAIL:  Key (name)=(Ada) exists.\nend") == (
        "broken\nDETAIL: <hidden>\nend"
    )


def test_an_ordinary_line_stays_as_it_is() -> None:
    assert line("Sent 3 messages in 2.5 s") == "Sent 3 messages in 2.5 s"
