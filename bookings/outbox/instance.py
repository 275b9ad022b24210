"""Which life of the portal the database is in, and whether anything may be sent in it.

The data folder remembers the epoch of the database it belongs to, and how far that had come when
something was sent last. Where the two do not fit, the database is a copy or a backup: what waits
in it has perhaps been sent long ago, or is for people who should hear nothing from a trial. So
nothing leaves until somebody has looked.
"""

from __future__ import annotations

import json
import logging
import os
import secrets
import uuid
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from bookings.models import Event, HeldBecause, Instance, Message

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Memory:
    """What the data folder knows: the epoch, the newest event, and a message that has left."""

    epoch: str
    event: int = 0
    sent: int = 0


def standing(*, now: datetime) -> Instance:
    """Return the instance, held by now where database and data folder do not fit.

    The first call in a new database makes the row and the file. Several senders may share a
    folder; senders on further machines need the same file in theirs.
    Cost: three queries by index, more only where something is new or wrong.
    """
    instance, memory = Instance.objects.first(), _remembered()
    if instance is not None and (instance.held_at or not _why_not(instance, memory)):
        return instance
    with transaction.atomic():
        _row, is_new = Instance.objects.get_or_create(only=True)
        # Whoever releases writes the file under this lock: now both are old, or both are new.
        instance = _locked()
        if instance.held_at or not (because := _why_not(instance, memory := _remembered())):
            return instance
        if because == HeldBecause.STRANGE and _belongs(memory, is_new=is_new):
            _remember(_Memory(str(instance.epoch)))
            return instance
        logger.error("sending is held: %s", because.label)
        return _hold(instance, because.value, now)


@transaction.atomic
def remember(*, sent: int) -> None:
    """Note in the data folder that the message with this pk has left. Cost: two queries.

    Locks: the instance, so that no epoch is written over that somebody has just begun.
    """
    _locked()
    memory = _remembered()
    if memory is not None:
        _remember(_Memory(memory.epoch, max(_newest_event(), memory.event), sent))


@transaction.atomic
def hold(*, because: str, now: datetime) -> Instance:
    """Send nothing from now on; what is under way still leaves. Returns the instance.

    Where it is held already, it stays so for its first reason.
    """
    Instance.objects.get_or_create(only=True)
    instance = _locked()
    return instance if instance.held_at else _hold(instance, because[:200], now)


@transaction.atomic
def release() -> Instance:
    """Send again, as a new life of the portal: a new epoch for the database and the data folder.

    The file is written first: a process that is killed in between leaves sending held.
    """
    Instance.objects.get_or_create(only=True)
    instance = _locked()
    instance.epoch, instance.held_at, instance.held_because = uuid.uuid4(), None, ""
    _remember(_Memory(str(instance.epoch), _newest_event()))
    instance.save(update_fields=["epoch", "held_at", "held_because"])
    return instance


def _locked() -> Instance:
    return Instance.objects.select_for_update(no_key=True).get()


def _hold(instance: Instance, because: str, now: datetime) -> Instance:
    instance.held_at, instance.held_because = now, because
    instance.save(update_fields=["held_at", "held_because"])
    return instance


def _why_not(instance: Instance, memory: _Memory | None) -> HeldBecause | None:
    """Say what does not fit between the database and the data folder."""
    if memory is None or memory.epoch != str(instance.epoch):
        return HeldBecause.STRANGE
    unsent = Message.objects.filter(pk=memory.sent, sent_at=None)
    if _newest_event() < memory.event or (memory.sent and unsent.exists()):
        return HeldBecause.OLD
    return None


def _belongs(memory: _Memory | None, *, is_new: bool) -> bool:
    """Say whether a database without an epoch of this data folder may begin a life in it.

    That is one that has just got its first epoch, or from which nothing was ever sent. The folder
    may know another, which somebody has thrown away; but one that had come further may have been
    this one, later.
    """
    if not is_new and Message.objects.filter(sent_at__isnull=False).exists():
        return False
    return memory is None or _newest_event() >= memory.event or not Event.objects.exists()


def _newest_event() -> int:
    """Return the newest event's pk: events are never deleted, so it only ever grows."""
    return Event.objects.aggregate(newest=Max("pk"))["newest"] or 0


def _file() -> Path:
    return Path(settings.DATA_DIR) / "instance.json"


def _remembered() -> _Memory | None:
    """Return what the data folder knows; None where it knows nothing, or nothing readable."""
    try:
        told = json.loads(_file().read_text(encoding="utf-8"))
        return _Memory(str(UUID(told["epoch"])), int(told["event"]), int(told["sent"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _remember(memory: _Memory) -> None:
    """Write the file whole: no reader ever sees half of it, and a power cut leaves old or new."""
    file = _file()
    draft = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        json.dump(asdict(memory), out)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file)
