"""Letters to start from: Jo Smith has her hair cut by Ada at Salon Möwe."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bookings.outlets import Envelope
from bookings.outlets.letter import (
    Answered,
    Audience,
    Before,
    Guest,
    Invite,
    Letter,
    Letterhead,
    Link,
    Occasion,
    Topic,
    When,
    Where,
)

SALON = Letterhead(
    name="Salon Möwe",
    mailbox="salon@moewe.example",
    brand="#0f6b5c",
    page_url="https://book.example/b/moewe/",
    address="Harbour Street 1\n20457 Hamburg",
    phone="+49 40 1234567",
    website="https://moewe.example/",
)
JO = Guest(
    name="Jo Smith",
    email="jo@smith.example",
    phone="+49 171 2345678",
    reference="K7Q2-9MXD",
    notes="My hair is long.\nI come by bike.",
    answers=(Answered(question="Have you been here before?", answer="Yes"),),
)


def when(*clock: int, zone: str = "Europe/Berlin", minutes: int = 45, fold: int = 0) -> When:
    """Return a span that starts when the clock in `zone` shows `clock` (year … minute)."""
    year, month, day, hour, minute = clock
    starts_at = datetime(year, month, day, hour, minute, fold=fold, tzinfo=ZoneInfo(zone))
    starts_at = starts_at.astimezone(ZoneInfo("UTC"))
    return When(starts_at=starts_at, ends_at=starts_at + timedelta(minutes=minutes), zone=zone)


def occasion(**said: Any) -> Occasion:
    """Return the haircut; `said` differs."""
    plain = Occasion(
        service="Haircut",
        when=when(2026, 11, 3, 9, 0),
        where=Where(kind="physical", place="Harbour Street 1\n20457 Hamburg"),
        guests=(JO,),
        staff=("Ada Lovelace",),
        price="€ 45.00",
        note="Please come five minutes early.\nThe bell is on the left.",
        manage_url="https://book.example/m/Zm9vYmFy/",
        invite=Invite(
            uid="7d5c4a1e-1111-4222-8333-944455556666@book.example",
            sequence=0,
            method="REQUEST",
            zone="Europe/Berlin",
            attendees=(("Jo Smith", "jo@smith.example"),),
        ),
    )
    return replace(plain, **said)


def letter(
    topic: Topic = Topic.CONFIRMED,
    audience: Audience = Audience.CUSTOMER,
    *,
    business: Letterhead = SALON,
    language: str = "en",
    **said: Any,
) -> Letter:
    """Return the letter that brings this news; `said` differs about the appointment."""
    plain: dict[str, Any] = {}
    if audience != Audience.CUSTOMER:
        plain = {"manage_url": "", "note": ""}
    if topic == Topic.CHANGED:
        plain["before"] = Before(when=when(2026, 11, 2, 17, 30), staff=("Grace Hopper",))
    if topic == Topic.CANCELLED:
        plain["invite"] = replace(occasion().invite, method="CANCEL", sequence=2)
        plain["seats_taken"] = 0
    if topic in (Topic.REQUESTED, Topic.DECLINED):
        plain |= {"is_request": True, "invite": None, "note": ""}
        plain["seats_taken"] = int(topic == Topic.REQUESTED)
    if topic == Topic.REQUESTED and audience != Audience.CUSTOMER:
        plain["desk_url"] = "https://book.example/desk/moewe/appointments/7d5c/"
    return Letter(
        topic=topic,
        audience=audience,
        language=language,
        business=business,
        reader="Jo Smith" if audience == Audience.CUSTOMER else "Ada Lovelace",
        occasion=occasion(**(plain | said)),
    )


def links_letter(*links: Link) -> Letter:
    """Return the letter that leads to these bookings."""
    return Letter(
        topic=Topic.MINE,
        audience=Audience.CUSTOMER,
        language="en",
        business=SALON,
        links=links,
    )


def envelope(of: Letter | None = None, *, key: str = "1:email:jo", address: str = "") -> Envelope:
    """Return an envelope for Jo with a letter in it."""
    return Envelope(key=key, address=address or "jo@smith.example", letter=of or letter())
