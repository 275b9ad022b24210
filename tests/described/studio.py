"""The studio of the examples, on their morning: every operation finds what it asks for there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from allauth.mfa.models import Authenticator
from django.db.models import Model

from accounts import callers
from accounts.models import AccessToken, User
from accounts.scopes import Scope
from bookings import commands
from bookings.commands import SYSTEM
from bookings.models import (
    Booking,
    ChoicePurpose,
    Event,
    Membership,
    Message,
    Resource,
    Service,
    TimeOff,
)
from tests import make

ROLES: Final = ("admin", "scheduler", "viewer")
NOW: Final = make.NOW

ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

Rows = Mapping[str, Model | str]


@dataclass
class Studio:
    """One business with one of everything, and a booking for whatever is done to one.

    `rows` are by the words that addresses and bodies have for them, `others` those of a single
    operation, `tokens` by role: each is good for everything that the role may do.
    """

    rows: dict[str, Model | str] = field(default_factory=dict)
    others: dict[str, dict[str, Model | str]] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.business = make.business(
            name="Studio North",
            slug="studio-north",
            hours="07:00-20:00",
            zone="Europe/Berlin",
            country="DE",
            cancellation_notice=timedelta(0),
        )
        people = {role: make.member(self.business, role) for role in (*ROLES, "team_member")}
        Authenticator.objects.create(
            user=people["admin"], type=Authenticator.Type.TOTP, data={"secret": "x"}
        )
        self.tokens = {role: _token_of(people[role]) for role in ROLES}
        self.anna = make.staff(self.business, user=people["team_member"])
        self.ben = make.staff(self.business)
        self.haircut = self._service("haircut", sends_sms=True)
        self.rows |= self._things()
        self.rows |= self._booked(self._booking(self.haircut, "09:00"))
        self._add_catalogue(people)
        self._add_bookings()
        self._add_groups()
        self._add_customers()
        self._add_webhook()

    def of(self, operation: str) -> Rows:
        """Return the rows that an operation is tried with, by word."""
        return {**self.rows, **self.others.get(operation, {})}

    def _service(self, slug: str, **fields: object) -> Service:
        return make.service(self.business, by=[self.anna, self.ben], slug=slug, **fields)

    def _booking(self, of: Service, clock: str, **arguments: object) -> Booking:
        return make.booking(of, starts_at=make.at(clock), **{"staff": self.anna} | arguments)

    def _things(self) -> Rows:
        question = make.question(self.haircut)
        held = commands.hold(
            service=self.haircut, starts_at=make.at("14:00"), staff=self.anna, now=NOW
        )
        commands.take_time_off(
            business=self.business,
            resources=[self.anna],
            starts_at=make.at("00:00", days=20),
            ends_at=make.at("00:00", days=21),
            title="Holiday",
            now=NOW,
        )
        return {
            "business": self.business,
            "slug": self.business.slug,
            "service": self.haircut,
            "resource": self.anna,
            "staff": self.anna,
            "question": question,
            "hold": held.booking,
            "token": held.token,
            "time_off": TimeOff.objects.get(),
        }

    def _booked(self, booking: Booking) -> dict[str, Model | str]:
        """Return what stands for a booking wherever one is asked for."""
        assert booking.customer is not None
        return {
            "booking": booking,
            "appointment": booking.appointment,
            "customer": booking.customer,
            "event": Event.objects.filter(booking=booking)[0],
            "message": Message.objects.filter(booking=booking, outlet="email")[0],
        }

    def _add_catalogue(self, people: Mapping[str, User]) -> None:
        newcomer = make.member(self.business, "viewer")
        invited = commands.invite(
            business=self.business,
            email="newcomer@people.example",
            role="viewer",
            now=NOW,
            actor=SYSTEM,
        )
        membership = Membership.objects.get(user=newcomer)
        self.rows |= {"invitation": invited, "membership": membership, "member": membership}
        named: dict[str, Resource] = {"staff": self.ben}
        self.others |= {"invite": {**named}, "reassign_appointment": {**named}}
        self.others |= {each: {"resource": self.ben} for each in ("ask_resource", "link_resource")}
        self.others["create_public_booking"] = {"hold_token": str(self.rows["token"])}

    def _add_bookings(self) -> None:
        """Add what is decided about: a request, a visit of this morning, one that is noted."""
        requested = make.booking(
            self._service("colour", needs_approval=True), starts_at=make.at("10:00")
        )
        for act in ("approve_booking", "decline_booking"):
            self.others[act] = {"booking": requested}
        for act in ("complete", "mark_no_show", "undo_check_in", "undo_complete", "undo_no_show"):
            self.others[f"{act}_booking"] = {"booking": self._past(act)}
        texted = self._booking(
            self.haircut,
            "11:00",
            contact=make.contact(phone="+49 170 1234567", sms_consent="Texts are fine."),
        )
        commands.choice_token(
            booking=texted,
            purpose=ChoicePurpose.RECONFIRMATION,
            address=texted.email,
            until=make.at("11:00"),
            now=NOW,
        )
        link = commands.manage_token(booking=texted, now=NOW)
        self.others["end_texts_booking"] = {"booking": texted}
        for act in (
            *("read_public_booking", "cancel_public_booking", "reschedule_public_booking"),
            *("list_public_booking_days", "list_public_booking_starts"),
            *("end_public_texts", "reconfirm_public_booking"),
        ):
            self.others[act] = {"token": link}

    def _past(self, undone: str) -> Booking:
        """Return a booking of half an hour ago, with a note of it where that is to be undone."""
        service = make.service(self.business)
        booking = make.booking(
            service, starts_at=NOW - timedelta(minutes=30), now=NOW - timedelta(hours=3)
        )
        notes = {
            "undo_check_in": commands.check_in,
            "undo_complete": commands.complete,
            "undo_no_show": commands.mark_no_show,
        }
        if undone in notes:
            notes[undone](booking=booking, now=NOW, actor=SYSTEM)
        return booking

    def _add_groups(self) -> None:
        """Add a class with places, one that is full, and people who wait for a place in it."""
        roomy = self._booking(self._service("yoga", capacity=8), "12:00", staff=self.ben)
        self.others["add_attendee"] = {"appointment": roomy.appointment}
        dance = self._service("dance", capacity=2, has_waitlist=True)
        crowded = self._booking(dance, "13:00", staff=self.ben, seats=2)
        self.others["join_waitlist"] = {"appointment": crowded.appointment}
        self.others["join_public_waitlist"] = {"appointment": crowded.appointment}
        self._waiting(dance, "15:00", "leave_waitlist", "leave_public_waitlist")
        offered = self._waiting(dance, "16:00", "take_place", "take_public_place")
        commands.cancel_booking(
            booking=Booking.objects.get(appointment=offered.appointment, seats=2), now=NOW
        )

    def _waiting(self, of: Service, clock: str, act: str, public: str) -> Booking:
        """Return somebody who waits for a place, with whom two operations do something."""
        full = self._booking(of, clock, staff=self.ben, seats=2)
        waits = commands.join_waitlist(
            appointment=full.appointment, contact=make.contact(), answers={}, now=NOW
        ).booking
        self.others[act] = {"booking": waits}
        self.others[public] = {"token": commands.manage_token(booking=waits, now=NOW)}
        return waits

    def _add_customers(self) -> None:
        for act in ("merge_customers", "erase_customer"):
            gone = self._past(act).customer
            assert gone is not None
            self.others[act] = {"duplicate": gone, "customer": self.rows["customer"]}
        self.others["erase_customer"]["customer"] = self.others["erase_customer"].pop("duplicate")

    def _add_webhook(self) -> None:
        webhook = make.subscription(self.business, url="https://receiver.example/hook")
        delivery = commands.send_test_event(subscription=webhook, now=NOW, actor=SYSTEM)
        self.rows |= {"subscription": webhook, "delivery": delivery}
        Message.objects.update(sent_at=NOW)


def _token_of(user: User) -> str:
    row, token = callers.issue(user=user, name="Sync", scopes=Scope, expires_at=None, now=NOW)
    later: datetime = NOW + timedelta(days=1)
    AccessToken.objects.filter(pk=row.pk).update(last_used_at=later)
    return token


def at_home(sent: Any, rows: Rows, name: str = "") -> Any:
    """Return what is sent with the rows that there are, where it names any of their kind.

    What is named after a kind of row gets its id, or its slug where it is no id.
    """
    if isinstance(sent, dict):
        return {
            key: at_home(each, rows, name if key == "id" else key) for key, each in sent.items()
        }
    if isinstance(sent, list):
        return [at_home(each, rows, name.removesuffix("s")) for each in sent]
    row = rows.get(name)
    if row is None or not isinstance(sent, str):
        return sent
    is_id = ID.fullmatch(sent) is not None
    if isinstance(row, str):
        return sent if is_id else row
    return str(row.public_id if is_id else getattr(row, "slug", sent))
