"""Where no mail server is named, the mails that were written to files can be read."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from accounts.models import User
from tests import make

LIST = "/admin/bookings/message/files/"
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    """Return the folder to which mails are written."""
    settings.EMAIL_BACKEND = "portal.mail.FileBackend"
    settings.MAIL_DIR = tmp_path
    return tmp_path


def written(folder: Path, name: str, subject: str = "Hello") -> None:
    """Write a mail with text, HTML and a calendar."""
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = subject, "a@example.org", "b@example.org"
    mail.set_content(f"Plain {HOSTILE} https://example.org/m/abc/")
    mail.add_alternative(f"<html><head></head><body>Rich {HOSTILE}</body></html>", subtype="html")
    mail.add_attachment(b"BEGIN:VCALENDAR", "application", "ics", filename="invite.ics")
    (folder / name).write_bytes(mail.as_bytes())


def test_mails_are_listed_newest_first(office: Client, folder: Path) -> None:
    written(folder, "20310101T000000.eml", "Older")
    written(folder, "20310102T000000.eml", f"Newer {HOSTILE}")
    (folder / ".20310103.eml.draft").write_bytes(b"half")

    page = office.get(LIST)

    assert [entry.subject for entry in page.context["entries"]] == [f"Newer {HOSTILE}", "Older"]
    assert HOSTILE not in page.content.decode()
    assert LIST in office.get("/admin/").content.decode()


def test_fifty_mails_are_on_a_page(office: Client, folder: Path) -> None:
    for number in range(51):
        written(folder, f"{number:03}.eml", f"Mail {number}")

    first, second = office.get(LIST), office.get(f"{LIST}?p=2")

    assert len(first.context["entries"]) == 50
    assert [entry.subject for entry in second.context["entries"]] == ["Mail 0"]


def test_a_mail_is_shown_without_running_anything(office: Client, folder: Path) -> None:
    written(folder, "one.eml")

    page = office.get(f"{LIST}one.eml/")
    frame = office.get(f"{LIST}one.eml/html/")

    said = page.content.decode()
    assert HOSTILE not in said
    assert "invite.ics (application/ics)" in said
    assert '<a href="https://example.org/m/abc/"' in said
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in said
    assert frame.content.decode().startswith('<html><head><base target="_blank">')
    assert "default-src 'none'" in frame.headers["Content-Security-Policy"]


def test_a_file_is_handed_out_as_it_is(office: Client, folder: Path) -> None:
    written(folder, "one.eml")

    answer = office.get(f"{LIST}one.eml/raw/")

    assert b"".join(answer) == (folder / "one.eml").read_bytes()
    assert answer.headers["Content-Disposition"] == 'attachment; filename="one.eml"'


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"Subject: =?utf-8?q?=ff=?=\nContent-Type: text/plain; charset=nonsense\n\n\xe9",
        b"To: <<>>,,@\nFrom: \x00\nContent-Type: multipart/mixed\n\nno parts",
    ],
)
def test_a_broken_file_breaks_no_page(office: Client, folder: Path, content: bytes) -> None:
    (folder / "broken.eml").write_bytes(content)

    for address in (LIST, f"{LIST}broken.eml/", f"{LIST}broken.eml/html/"):
        assert office.get(address).status_code == 200


@pytest.mark.parametrize(
    "name", ["..%2fsecret.eml", "..%2f..%2fetc%2fpasswd", "none.eml", "..", "*"]
)
def test_no_other_file_is_ever_shown(office: Client, folder: Path, name: str) -> None:
    mails = folder / "mail"
    mails.mkdir()
    (folder / "secret.eml").write_bytes(b"Subject: secret\n\nsecret")

    for page in ("", "html/", "raw/"):
        assert office.get(f"{LIST}{name}/{page}").status_code in (301, 302, 404)


def test_an_empty_folder_says_that_nothing_was_sent(
    office: Client, folder: Path, settings: Settings
) -> None:
    settings.MAIL_DIR = folder / "not-made-yet"

    assert "Nothing has been sent yet." in office.get(LIST).content.decode()


def test_mails_of_all_businesses_are_for_superusers(client: Client, folder: Path, db: None) -> None:
    written(folder, "one.eml")
    stranger = User.objects.create_user("someone@example.org")
    admin = make.member(make.business(), "admin")

    for user, status in ((None, 302), (stranger, 302), (admin, 403)):
        if user is not None:
            client.force_login(user)
        for page in (LIST, f"{LIST}one.eml/", f"{LIST}one.eml/html/", f"{LIST}one.eml/raw/"):
            assert client.get(page).status_code == status


def test_with_a_mail_server_there_is_no_such_page(
    office: Client, folder: Path, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "portal.smtp.SmtpBackend"

    assert office.get(LIST).status_code == 404
    assert LIST not in office.get("/admin/").content.decode()
