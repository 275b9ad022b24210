"""What somebody texts to us: STOP, START and HELP, and whatever else."""

from __future__ import annotations

import re
from datetime import datetime
from hashlib import sha256
from typing import Final

from bookings import outbox
from bookings.commands.actor import CUSTOMER
from bookings.commands.customers import record
from bookings.commands.decision import decision
from bookings.engine.keywords import Keyword, keyword_in
from bookings.models import Booking, Message, Outlet, StoppedNumber

NUMBER: Final = re.compile(r"\+[0-9]{3,15}")
"""E.164; texts also come from names, short codes and other networks, which we never text."""


@decision
def hear(*, number: str, words: str, key: str, is_answered: bool, now: datetime) -> None:
    """Take a text from a number (E.164): stop texting it, begin again, or say who can help.

    STOP and START count for every business of the portal, for all text from the same sender, and
    are on record with the customer who was texted last. One text answers, once for each `key`,
    unless the gateway has done it (`is_answered`) or we have never texted the number. What is no
    word that does something is answered as HELP is, once a day: nobody reads it. Who is no
    number is nobody we could text. Cost: at most eight statements.
    """
    if not NUMBER.fullmatch(number):
        return
    meaning = keyword_in(words)
    about = _last_texted(number)
    is_news = _heed(number, meaning, now)
    if about is None:
        return
    if is_news and about.customer is not None:
        kind = "customer.texts_stopped" if meaning is Keyword.STOP else "customer.texts_started"
        record(about.customer, kind, now=now, actor=CUSTOMER)
    if is_answered or (meaning is None and _is_stopped(number)):
        return
    topics = {Keyword.STOP: "texts_stopped", Keyword.START: "texts_started"}
    if meaning is None:
        key = f"{sha256(number.encode()).hexdigest()[:40]}:{now.date()}"
    outbox.put_alone(
        business=about.business,
        key=f"answer:{key}",
        topic=topics.get(meaning, "texts_help") if meaning else "texts_help",
        address=number,
        now=now,
        outlet=Outlet.SMS,
        booking=about,
    )


def _last_texted(number: str) -> Booking | None:
    """Return the booking of the last text to a number."""
    texts = Message.objects.filter(outlet=Outlet.SMS.value, address=number, booking__isnull=False)
    last = texts.select_related("booking__business", "booking__customer__business")
    found = last.order_by("-pk").first()
    return found.booking if found else None


def _heed(number: str, meaning: Keyword | None, now: datetime) -> bool:
    """Write down a STOP or take it back; say whether it was news."""
    if meaning is Keyword.STOP:
        stopped = StoppedNumber(number=number, stopped_at=now)
        was = _is_stopped(number)
        StoppedNumber.objects.bulk_create([stopped], ignore_conflicts=True)
        return not was
    if meaning is Keyword.START:
        return bool(StoppedNumber.objects.filter(number=number).delete()[0])
    return False


def _is_stopped(number: str) -> bool:
    return StoppedNumber.objects.filter(number=number).exists()
