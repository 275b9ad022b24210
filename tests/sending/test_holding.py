"""A copy or an old backup sends nothing until somebody has looked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from bookings import outbox, sender
from bookings.models import HeldBecause, Instance, Message
from tests import make
from tests.at_once import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    """A data folder of the test's own."""
    settings.DATA_DIR = tmp_path
    return tmp_path / "instance.json"


def booked() -> None:
    """Decide something that three people are told of."""
    now = make.today()
    service = make.service()
    make.booking(service, starts_at=make.next_start(service, now), now=now)


def lived() -> None:
    """Let the portal send something."""
    booked()
    assert sender.send_due() == 3


def why_held() -> str:
    instance = outbox.standing(now=timezone.now())
    assert (instance.held_at is None) == (instance.held_because == "")
    return instance.held_because


def rewind(past: Message) -> None:
    """Let the database forget that a message has left, as an older backup would."""
    Message.objects.filter(pk=past.pk).update(sent_at=None)


def printed(*words: str, capsys: pytest.CaptureFixture[str]) -> str:
    call_command("outbox", *words)
    return capsys.readouterr().out


def test_a_new_installation_makes_its_epoch_and_sends(folder: Path):
    lived()

    assert why_held() == ""
    assert str(Instance.objects.get().epoch) in folder.read_text()


def test_an_installation_from_before_there_were_epochs_goes_on_sending(folder: Path):
    lived()
    Instance.objects.all().delete()
    folder.unlink()

    lived()
    assert why_held() == ""


def test_a_copy_on_another_machine_sends_nothing(folder: Path):
    lived()
    folder.unlink()
    booked()

    assert sender.send_due() == 0
    assert why_held() == HeldBecause.STRANGE
    assert not folder.exists()
    assert len(mail.outbox) == 3


def test_a_copy_in_a_folder_that_knows_another_database_sends_nothing(folder: Path):
    lived()
    folder.write_text(folder.read_text().replace("epoch", "other"))
    assert why_held() == HeldBecause.STRANGE


def test_a_database_that_somebody_made_anew_in_an_old_folder_sends(folder: Path):
    lived()
    Message.objects.all().delete()
    Instance.objects.all().delete()

    assert why_held() == ""
    assert str(Instance.objects.get().epoch) in folder.read_text()


def test_an_older_backup_on_the_same_machine_sends_nothing(folder: Path):
    lived()
    rewind(Message.objects.latest("pk"))

    assert sender.send_due() == 0
    assert why_held() == HeldBecause.OLD
    assert len(mail.outbox) == 3


def test_a_backup_from_before_the_last_decisions_sends_nothing(folder: Path):
    lived()
    knows_later_events(folder)

    assert sender.send_due() == 0
    assert why_held() == HeldBecause.OLD


def test_a_backup_from_before_there_were_epochs_sends_nothing(folder: Path):
    lived()
    knows_later_events(folder)
    Instance.objects.all().delete()

    assert sender.send_due() == 0
    assert why_held() == HeldBecause.STRANGE


def knows_later_events(folder: Path) -> None:
    """Let the folder remember an event that the database does not have."""
    told = json.loads(folder.read_text())
    folder.write_text(json.dumps(told | {"event": told["event"] + 1}))


def test_half_a_file_is_no_file(folder: Path):
    lived()
    folder.write_text(folder.read_text()[:20])

    assert why_held() == HeldBecause.STRANGE


def test_a_sender_that_is_at_work_stops_with_the_message_it_has():
    booked()
    assert outbox.claim(now=timezone.now()) is not None
    outbox.hold(because="A trial.", now=timezone.now())

    assert outbox.claim(now=timezone.now()) is None


def test_what_was_settled_otherwise_while_it_left_is_no_sign_of_an_old_backup(
    settings: Settings,
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Overtaken"
    booked()

    assert sender.send_due() == 0
    assert len(mail.outbox) == 3
    assert why_held() == ""


class Overtaken(EmailBackend):
    """A mail server that takes so long that all about the person has been dropped by then."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        """Take the messages."""
        Message.objects.filter(leased_until__isnull=False).update(
            dropped_at=timezone.now(), leased_until=None
        )
        return super().send_messages(messages)


@pytest.mark.django_db(transaction=True)
def test_a_sender_that_ends_while_somebody_releases_does_not_hold_again(folder: Path) -> None:
    lived()
    sent = Message.objects.latest("pk").pk

    def remember() -> list[str]:
        for _ in range(40):
            outbox.remember(sent=sent)
        return []

    def release() -> list[str]:
        found = []
        for _ in range(20):
            outbox.release()
            found.append(why_held())
        return found

    assert set(at_once(remember, release)[1]) == {""}
    assert why_held() == ""


def test_release_begins_a_new_life_in_which_everything_leaves(folder: Path, capsys):
    lived()
    before = Instance.objects.get().epoch
    folder.unlink()
    booked()
    assert sender.send_due() == 0

    said = printed("release", capsys=capsys)

    assert "3 messages wait" in said
    assert Instance.objects.get().epoch != before
    assert str(Instance.objects.get().epoch) in folder.read_text()
    assert sender.send_due() == 3
    assert why_held() == ""


def test_release_drops_what_is_too_old_to_be_news(capsys):
    booked()
    Message.objects.update(due_at=make.today() - timedelta(hours=3))
    booked()
    call_command("outbox", "hold", because="A trial.")

    said = printed("release", "--drop-before", _hours_ago(1), capsys=capsys)

    assert "Dropped: 3" in said
    assert "3 messages wait" in said
    assert sender.send_due() == 3


def _hours_ago(hours: int) -> str:
    instant: datetime = make.today() - timedelta(hours=hours)
    return instant.isoformat()


def test_show_counts_what_there_is_and_names_the_dead(capsys):
    booked()
    dead = outbox.claim(now=timezone.now())
    assert dead is not None
    outbox.settle_refused(dead, error="550 no", permanent=True, now=timezone.now())
    call_command("outbox", "hold", because="A trial.")

    said = printed("show", capsys=capsys)

    assert "A trial." in said
    assert "email failed             1" in said
    assert "email waiting            3" in said  # one of them tells the house
    assert f"{dead.public_id}  email confirmed  after 1 tries: 550 no" in said
    assert "failed" not in printed("show", "--state", "waiting", capsys=capsys)


def test_replay_brings_back_the_dead_that_are_named_and_no_others(capsys):
    booked()
    now = timezone.now()
    while message := outbox.claim(now=now):
        outbox.settle_refused(message, error="no", permanent=True, now=now)
    dead = list(Message.objects.order_by("pk"))

    assert "queue: 1" in printed("replay", str(dead[0].public_id), "--yes", capsys=capsys)
    assert sender.send_due() == 1
    assert "queue: 0" in printed("replay", "--outlet", "sms", "--yes", capsys=capsys)
    assert "queue: 2" in printed("replay", "--topic", "confirmed", "--yes", capsys=capsys)
    assert sender.send_due() == 2


def test_drop_takes_what_waits_and_nothing_that_is_being_sent(capsys):
    booked()
    leased = outbox.claim(now=timezone.now())
    business = Message.objects.first().business

    said = printed("drop", "--business", business.slug, "--yes", capsys=capsys)

    assert "Dropped: 2" in said
    assert Message.objects.get(dropped_at=None) == leased


def test_nothing_is_dropped_or_replayed_by_a_slip(capsys, monkeypatch):
    booked()
    monkeypatch.setattr("builtins.input", lambda _: "n")

    for words in (["drop"], ["replay", "--yes"], ["drop", "--outlet", "email"]):
        with pytest.raises(CommandError):
            call_command("outbox", *words)
    with pytest.raises(CommandError, match="no business"):
        call_command("outbox", "drop", "--business", "nowhere", "--yes")
    assert not Message.objects.filter(dropped_at__isnull=False).exists()


def test_admins_read_on_desk_and_in_the_admin_that_nothing_is_sent(client: Client):
    booked()
    business = Message.objects.first().business
    admin = User.objects.create_superuser(email="root@example.org", password="x")
    client.force_login(admin)
    pages = (f"/desk/{business.slug}/people/", "/admin/", "/admin/bookings/message/")
    for page in pages:
        assert "Nothing is sent" not in client.get(page).content.decode()

    outbox.hold(because="A trial is on.", now=timezone.now())

    for page in pages:
        said = client.get(page).content.decode()
        assert "A trial is on." in said
    assert "3 messages wait" in client.get(pages[0]).content.decode()
    assert client.get("/health/ready").content == b"ready, but sending is held\n"


def test_colleagues_who_can_do_nothing_about_it_are_not_told(client: Client):
    business = make.business()
    client.force_login(make.member(business, "scheduler"))
    outbox.hold(because="A trial is on.", now=timezone.now())

    page = client.get(f"/desk/{business.slug}/")

    assert page.status_code == 200
    assert "A trial is on." not in page.content.decode()
