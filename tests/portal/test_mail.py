"""Without a mail server, messages are files."""

from __future__ import annotations

import email
from email import policy
from pathlib import Path

from django.core.mail import EmailMessage
from pytest_django import Settings

from portal.mail import FileBackend


def test_each_message_becomes_one_whole_file(settings: Settings, tmp_path: Path) -> None:
    settings.MAIL_DIR = tmp_path / "mail"
    messages = [
        EmailMessage("Grüße", "Hello\n.\nBye", "a@example.org", [to], headers={"Message-ID": to})
        for to in ("<b@example.org>", "<c@example.org>")
    ]

    assert FileBackend().send_messages(messages) == 2

    files = sorted(settings.MAIL_DIR.iterdir())
    assert [file.suffix for file in files] == [".eml", ".eml"]
    read = [email.message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
    assert [message["To"] for message in read] == ["b@example.org", "c@example.org"]
    assert read[0]["Subject"] == "Grüße"
    assert read[0].get_content() == "Hello\n.\nBye"
