"""Without a gateway, texts are files for people to read."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_django import Settings

from bookings.outlets import kept, sms
from bookings.outlets.envelope import OutletError, Receipt, Text
from bookings.outlets.sms import Account, Call, Inbound, Report
from portal.outside import Unusable, try_gateway

ANN = Text(key="event:sms:ann", number="+491701234567", words="Salon Möwe: see you at 9:00 – Ada")


class OwnGateway:
    """A gateway that somebody else has written."""

    name = "own"
    sent: list[tuple[str, Text, str]] = []

    def __init__(self, account: Account) -> None:
        self.account = account

    def send(self, text: Text, *, report_url: str) -> Receipt:
        self.sent.append((self.account.sender, text, report_url))
        return Receipt(remote_id="own-1")

    def is_genuine(self, call: Call) -> bool:
        return False

    def report(self, call: Call) -> Report | None:
        return None

    def inbound(self, call: Call) -> Inbound | None:
        return None


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.SMS, settings.SMS_GATEWAY = None, ""
    settings.SMS_DIR, settings.MAIL_DIR = tmp_path / "sms", tmp_path / "mail"
    return tmp_path / "sms"


def test_a_text_is_one_file_that_tells_whom_what_and_in_how_many_parts(folder: Path) -> None:
    receipt = sms.send(ANN)

    (file,) = folder.iterdir()
    assert file.name.endswith(f"-{receipt.remote_id}.txt")
    assert file.read_text() == (
        "To: +491701234567\nParts: 1\n\nSalon Möwe: see you at 9:00 – Ada\n"
    )
    assert file.stat().st_mode & 0o777 == 0o600


def test_files_are_shredded_by_name_and_others_stay(folder: Path) -> None:
    sms.send(ANN)
    sms.send(Text(key="event:sms:bob", number="+491707654321", words="Hello"))
    (folder / f".half-written-{kept.name_of(ANN.key)}.txt").touch()

    assert kept.shred({kept.name_of(ANN.key)}) == 2
    (left,) = folder.iterdir()
    assert "Hello" in left.read_text()
    assert kept.shred(set()) == 0


def test_a_folder_that_cannot_be_written_is_tried_again(settings: Settings, folder: Path) -> None:
    folder.touch()

    with pytest.raises(OutletError) as caught:
        sms.send(ANN)

    assert caught.value.permanent is False


def test_a_gateway_of_ones_own_is_named_in_the_settings(settings: Settings) -> None:
    settings.SMS = Account(scheme="own", user="me", password="x", sender="Salon")
    settings.SMS_GATEWAY = f"{__name__}.OwnGateway"
    settings.PUBLIC_URL = "https://book.example"

    assert sms.send(ANN) == Receipt(remote_id="own-1")
    assert OwnGateway.sent == [("Salon", ANN, "https://book.example/sms/own/report/")]


def test_a_gateway_that_cannot_be_made_stops_the_start_with_a_sentence(
    settings: Settings,
) -> None:
    settings.SMS = Account(scheme="own", user="me", password="x", sender="Salon")
    settings.SMS_GATEWAY = "nowhere.Gateway"

    with pytest.raises(
        Unusable, match=r"^SMS_GATEWAY: the gateway cannot be used: No module .*\.$"
    ):
        try_gateway()


def test_nobody_calls_back_about_files() -> None:
    call = Call(url="https://book.example/sms/file/report/", headers={}, body=b"")

    assert not sms.gateway().is_genuine(call)


def test_a_text_is_written_whole_whatever_letters_the_locale_of_the_machine_knows(
    tmp_path: Path,
) -> None:
    words = "Grüße 🙂"
    code = (
        "import sys, pathlib\n"
        "from bookings.outlets.envelope import Text\n"
        "from bookings.outlets.sms.file import FileGateway\n"
        "folder, words = pathlib.Path(sys.argv[1]), bytes.fromhex(sys.argv[2]).decode()\n"
        "FileGateway(folder).send(Text(key='k', number='+4917', words=words), report_url='')\n"
    )
    narrow = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}

    subprocess.run(
        [sys.executable, "-c", code, str(tmp_path), words.encode().hex()],
        env=os.environ | narrow,
        check=True,
        capture_output=True,
    )

    (file,) = tmp_path.iterdir()
    assert words in file.read_text(encoding="utf-8")
