"""Erased means erased: a person's every word is searched for in all that is stored.

Two people live the same story, in which whatever can be typed about a customer is a word that
stands nowhere else. One of them is erased.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from bookings import commands, outbox, tasks
from bookings.commands import Actor, Contact
from bookings.composing.letters import letter_of
from bookings.engine.policy import Override
from bookings.faces import unsent
from bookings.models import (
    Answer,
    Attempt,
    Booking,
    Business,
    Customer,
    Event,
    KeptAnswer,
    Message,
    Question,
    Service,
)
from bookings.outlets import send
from bookings.outlets.envelope import Envelope
from bookings.queries.periods import Scope, period_of
from bookings.queries.reports import Report, report
from bookings.queries.serving import services_of
from tests import make
from tests.admin import browse
from tests.conftest import Clock
from tests.faces.api.conftest import Program
from tests.faces.site import visiting
from tests.make import MONDAY, NOW, at
from tests.outlets.receiver import Receiver
from tests.outlets.sink import Server, Sink
from tests.proofs.traces import dumped, files, logged, readings

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clock")]
DESK = Actor("staff", "Mia")
WORDS = 39
"""How many each of the two says, or is said about."""


@pytest.fixture(autouse=True)
def _files(settings: Settings) -> None:
    """Write mails to files, as an installation without a mail server does."""
    settings.EMAIL_BACKEND = "portal.mail.FileBackend"


@dataclass(frozen=True)
class Person:
    """Somebody whose every word is their own: `person("reason")` is one, and is remembered."""

    prefix: str
    number: str
    day: int
    said: set[str]

    def __call__(self, word: str) -> str:
        spoken = f"{self.prefix}{word}canary"
        self.said.add(spoken)
        return spoken

    def mail(self, word: str) -> str:
        """Return an address of theirs."""
        address = f"{self.prefix}{word}@canary.example"
        self.said.add(address)
        return address

    def phone(self, last: int) -> str:
        """Return a number of theirs."""
        number = f"+49309018{self.number}{last}"
        self.said.add(number)
        return number

    def mobile(self) -> str:
        """Return the number of theirs that takes text messages."""
        number = f"+491511{self.number}45678"
        self.said.add(number)
        return number


def person(prefix: str, number: str, day: int) -> Person:
    return Person(prefix, number, day, set())


@dataclass(frozen=True)
class World:
    """A business, what it offers and asks, and two who look after it."""

    business: Business
    service: Service
    question: Question
    request: Service
    group: Service
    line: Service
    texting: Service
    desk: Client
    office: Client
    program: Program


@pytest.fixture
def echo(settings: Settings) -> Iterator[str]:
    """Run a program on this machine that answers with what it was told; return its address."""
    settings.WEBHOOK_LOOPBACK = True
    with Receiver() as receiver:
        yield receiver.url("echo")


def world(program: str) -> World:
    business = make.business(country="DE")
    make.subscription(business, url=program)
    staff = make.staff(business)
    service = make.service(business, by=[staff], price_kind="fixed", price=40)
    desk, office = Client(), Client()
    admin = make.member(business)
    desk.force_login(admin)
    office.force_login(User.objects.create_superuser("boss@business.example", name="The boss"))
    return World(
        business=business,
        service=service,
        question=make.question(service),
        request=make.service(business, by=[staff], needs_approval=True),
        group=make.service(business, by=[make.staff(business)], capacity=4),
        line=make.service(business, by=[make.staff(business)], capacity=2, has_waitlist=True),
        texting=make.service(business, by=[make.staff(business)], sends_sms=True),
        desk=desk,
        office=office,
        program=Program(admin, business),
    )


def page(of: World, customer: Customer, part: str = "customer") -> str:
    return reverse(f"desk:{part}", args=[of.business.slug, customer.public_id])


def done(answer: Any) -> None:
    assert answer.status_code in (200, 201, 303), answer.content.decode()


def live(of: World, who: Person, settings: Settings) -> Customer:
    """Live a customer's life, every word of it once; return who it was."""
    _book_move_and_cancel(of, who)
    customer = Customer.objects.get(email=who.mail("mail"))
    _be_refused(of, who, settings)
    _be_looked_after(of, who)
    _wait_in_vain(of, who)
    tasks.deliver()
    _be_doubled(of, who, customer)
    _be_texted(of, who)
    _be_known_to_a_program(of, who)
    commands.send_my_bookings(business=of.business, email=who.mail("mail"), now=NOW)
    tasks.deliver()
    _be_written_about(of, who, customer)
    customer.refresh_from_db()
    return customer


def _book_move_and_cancel(of: World, who: Person) -> None:
    """Book on the site, move, and cancel with a reason."""
    visitor = Client()
    manage = visiting.booked(
        visitor,
        of.service,
        at("10:00", days=who.day),
        name=who("näme"),
        email=who.mail("mail"),
        phone=who.phone(1),
        notes=who("notes"),
        **{str(of.question.public_id): who("answer")},
    )
    done(visitor.post(f"{manage}move/", {"start": visiting.value(at("11:00", days=who.day))}))
    done(visitor.post(f"{manage}cancel/", {"reason": who("regret")}))


def _be_refused(of: World, who: Person, settings: Settings) -> None:
    """Ask for something that is declined; the mail server quotes the address it does not know."""
    tasks.deliver()
    asked = commands.book(
        service=of.request,
        starts_at=at("12:00", days=who.day),
        contact=Contact(who("asker"), who.mail("mail"), who.phone(2), who("askersnotes")),
        answers={},
        key=who("key"),
        now=NOW,
    ).booking
    commands.decline(booking=asked, reason=who("declined"), now=NOW, actor=DESK)
    sink = Sink()
    server = Server(sink)
    server.start()
    settings.EMAIL_BACKEND = "portal.smtp.SmtpBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server._socket.getsockname()[1]
    sink.to_recipient = f"550 5.1.1 <{who.mail('mail')}> {who('refusal')}"
    tasks.deliver()
    server.stop()
    settings.EMAIL_BACKEND = "portal.mail.FileBackend"
    refused = Message.objects.filter(booking=asked, audience="customer", topic="declined").get()
    assert who.mail("mail") in refused.error
    commands.resend(message=refused, now=NOW, actor=DESK)


def _be_looked_after(of: World, who: Person) -> None:
    """Be booked by staff at night, noted, moved; be cancelled; sit in a group; not come."""
    night = commands.book(
        service=of.service,
        starts_at=at("20:00", days=who.day),
        contact=Contact(who("night"), who.mail("mail"), notes=who("nightnotes")),
        answers={},
        now=NOW,
        actor=DESK,
        overrides=frozenset({Override.HOURS}),
        because=who("because"),
    ).booking
    commands.write_notes(appointment=night.appointment, text=who("staffnotes"), now=NOW, actor=DESK)
    commands.reschedule_appointment(
        appointment=night.appointment,
        starts_at=at("21:00", days=who.day),
        now=NOW,
        actor=DESK,
        overrides=frozenset({Override.HOURS}),
        because=who("later"),
    )
    ours = make.booking(
        of.service,
        starts_at=at("14:00", days=who.day),
        contact=Contact(who("ours"), who.mail("mail")),
    )
    commands.cancel_appointment(
        appointment=ours.appointment, reason=who("ourreason"), now=NOW, actor=DESK
    )
    make.booking(
        of.group, starts_at=at("15:00", days=9), contact=Contact(who("group"), who.mail("mail"))
    )


def _be_texted(of: World, who: Person) -> None:
    """Agree to text messages, answer STOP, and be answered."""
    agreed = Contact(who("texted"), who.mail("mail"), who.mobile(), sms_consent=who("consent"))
    booking = make.booking(of.texting, starts_at=at("16:30", days=who.day), contact=agreed)
    tasks.deliver()
    said = {"number": who.mobile(), "is_answered": False, "now": NOW}
    commands.hear(words="Stopp", key=who("sid"), **said)
    tasks.deliver()
    commands.cancel_booking(booking=booking, now=NOW)


def _be_known_to_a_program(of: World, who: Person) -> None:
    """Be booked by a program that keeps its keys, be cancelled; have all of it taken away."""
    asked = {
        "service": str(of.service.public_id),
        "starts_at": at("09:00", days=who.day).isoformat(),
        "contact": {"name": who("listed"), "email": who.mail("mail"), "phone": who.phone(6)},
        "answers": {str(of.question.public_id): who("told")},
    }
    done(of.program.post("bookings/", asked, Idempotency_Key=f"order of {who.mail('mail')}"))
    booking = Booking.objects.get(name=who("listed"))
    commands.cancel_booking(booking=booking, now=NOW)
    assert booking.customer
    path = f"customers/{booking.customer.public_id}/export/"
    done(of.program.post(path, Idempotency_Key="copy"))


def _wait_in_vain(of: World, who: Person) -> None:
    """Wait for a place, be offered one, and be taken off the list with a reason."""
    full = make.booking(of.line, starts_at=at("10:00", days=who.day), seats=2)
    waiting = commands.join_waitlist(
        appointment=full.appointment,
        contact=Contact(who("waiting"), who.mail("mail"), who.phone(5), who("waitingnotes")),
        answers={},
        now=NOW,
    ).booking
    commands.cancel_booking(booking=full, now=NOW, actor=DESK)
    tasks.deliver()
    commands.leave_waitlist(booking=waiting, reason=who("unlisted"), now=NOW, actor=DESK)


def _be_doubled(of: World, who: Person, customer: Customer) -> None:
    """Be entered twice, by a program, seen in the admin under both names, and be merged."""
    asked = {"name": who("double"), "email": who.mail("double"), "phone": who.phone(3)}
    asked |= {"notes": who("doublenotes")}
    done(of.program.post("customers/", asked, Idempotency_Key=f"copy of {who.mail('mail')}"))
    double = Customer.objects.get(email=who.mail("double"))
    done(browse.send(of.office, browse.change(double), language="de"))
    make.booking(
        of.service,
        starts_at=at("16:00", days=who.day),
        contact=Contact(who("double"), who.mail("double"), who.phone(3)),
    )
    done(of.desk.post(page(of, customer, "customer_merge"), {"other": str(double.public_id)}))
    assert not Customer.objects.filter(pk=double.pk).exists()


def _be_written_about(of: World, who: Person, customer: Customer) -> None:
    """Be corrected on the desk and in the admin; be typed about after a session has ended."""
    customer.refresh_from_db()
    shown = {"name": customer.name, "email": customer.email, "notes": customer.notes}
    was = {f"was-{name}": value for name, value in shown.items()}
    typed = {
        "name": who("renamed"),
        "email": who.mail("new"),
        "notes": f"{customer.notes}\n{who('desknotes')}",
    }
    rest = {
        f"{also}{name}": getattr(customer, name) for also in ("", "was-") for name in ("phone",)
    }
    done(of.desk.post(page(of, customer, "customer_edit"), typed | was | rest))
    done(browse.send(of.office, browse.change(customer), zone="Europe/Berlin"))
    done(of.desk.post(page(of, customer, "customer_export")))
    signed_out = Client()
    signed_out.cookies[unsent.COOKIE] = of.desk.cookies[unsent.COOKIE].value
    sent = signed_out.post(page(of, customer, "customer_notes"), {"notes": who("unsent")})
    assert sent.status_code == 302
    assert "unsent" in signed_out.session


def found(words: set[str]) -> set[str]:
    """Return those of the words that stand anywhere in the database or the data folder."""
    everything = [readings(dumped()), *(readings(content) for _, content in files())]
    return {word for word in words if any(word.lower() in text for text in everything)}


def counted(of: World) -> Report:
    last = MONDAY + timedelta(days=30)
    scope = Scope(of.business, period_of(of.business, first=MONDAY, last=last))
    return report(scope, services_of(of.business), [])


def test_nothing_of_an_erased_person_is_left_and_everything_of_another(
    clock: Clock, settings: Settings, echo: str
) -> None:
    with logged() as log:
        of = world(echo)
        ann, bob = person("ann", "11", 1), person("bob", "22", 2)
        gone, stays = live(of, ann, settings), live(of, bob, settings)
        shared = Booking.objects.get(name=ann("group")).appointment
        text = f"{ann('group')} and {bob('group')} share a table"
        commands.write_notes(appointment=shared, text=text, now=NOW, actor=DESK)
        tasks.deliver()
        _collide(of, ann)
        assert len(ann.said) == len(bob.said) == WORDS
        assert found(ann.said | bob.said) == ann.said | bob.said
        answered = " ".join(Attempt.objects.values_list("answer", flat=True))
        assert all(who.mail("mail") in answered for who in (ann, bob))
        before, lines = counted(of), LogEntry.objects.count()

        clock.now = NOW + timedelta(days=31)
        of.desk.force_login(User.objects.get(memberships__business=of.business))
        done(of.desk.post(page(of, gone, "customer_erase"), {"sure": "on"}))
        tasks.sweep()

        assert found(ann.said) == set()
        assert found(bob.said) == bob.said
        assert not {word for word in ann.said | bob.said if word in readings(_said(log))}
    assert counted(of) == before
    assert LogEntry.objects.count() == lines
    shared.refresh_from_db()
    assert shared.staff_notes == f"(erased) and {bob('group')} share a table"
    assert of.desk.get(page(of, gone)).status_code == 404
    assert of.desk.get(page(of, stays)).status_code == 200


def _said(log: Any) -> bytes:
    return str(log.getvalue()).encode()


def _collide(of: World, who: Person) -> None:
    """Let the database refuse a row: what it says of it must not reach its log."""
    row = {"business": of.business, "name": who("double"), "email": who.mail("new")}
    with pytest.raises(IntegrityError), transaction.atomic():
        Customer.objects.create(**row)


def test_a_letter_that_is_being_written_meanwhile_goes_with_the_next_sweep(
    clock: Clock, settings: Settings
) -> None:
    who = person("eve", "33", 1)
    booking = make.booking(contact=Contact(who("name"), who.mail("mail")))
    claimed = outbox.claim(now=NOW)
    assert claimed
    letter = letter_of(claimed, now=NOW)
    assert letter
    clock.now = NOW + timedelta(days=9)
    assert booking.customer
    commands.erase_customer(customer=booking.customer, now=clock.now, actor=DESK)
    tasks.sweep()

    send(Envelope(key=claimed.key, address=claimed.address, letter=letter))
    error = f"550 {who.mail('mail')} is not here"
    assert not outbox.settle_refused(claimed, error=error, permanent=True, now=clock.now)
    assert found(who.said) == {who("name"), who.mail("mail")}
    tasks.sweep()

    assert found(who.said) == set()


def test_a_webhook_that_is_being_sent_meanwhile_keeps_nothing(clock: Clock) -> None:
    who = person("eve", "33", 1)
    group = make.service(capacity=3)
    booking = make.booking(group, contact=Contact(who("name"), who.mail("mail")))
    make.booking(group, contact=make.contact(name="Bob"))
    make.subscription(group.business)
    commands.cancel_appointment(appointment=booking.appointment, reason="", now=NOW, actor=DESK)
    Message.objects.exclude(outlet="webhook", booking=None).update(dropped_at=NOW)
    claimed = outbox.claim(now=NOW)
    assert claimed
    assert claimed.topic == "appointment.cancelled"
    body = f"What of {who('name')}?"
    assert outbox.freeze(claimed, body=body)
    clock.now = NOW + timedelta(seconds=9)
    assert booking.customer
    commands.erase_customer(customer=booking.customer, now=clock.now, actor=DESK)

    assert not outbox.freeze(claimed, body=body)
    assert not outbox.settle_sent(claimed, said=outbox.Exchange(answer=body), now=clock.now)
    assert found(who.said) == set()
    again = outbox.claim(now=clock.now)
    assert again
    assert (again.pk, again.body) == (claimed.pk, "")


PERSONAL = {
    Customer: {"name", "email", "phone", "zone", "language", "notes", "said"},
    Booking: {
        *("name", "email", "phone", "notes", "zone", "language"),
        *("hold_digest", "idempotency_key", "cancel_reason"),
        *("sms_number", "sms_consent"),
    },
    Answer: {"asked", "value"},
    Event: {"data", "actor"},
    Message: {"key", "address", "error", "body", "remote_id"},
    Attempt: {"answer", "error"},
    KeptAnswer: {"fingerprint", "sealed", "about"},
}
NAMELESS = {
    Booking: {"reference", "state"},
    Event: {"kind"},
    Message: {"outlet", "audience", "topic", "delivery"},
    Attempt: {"headers"},
    KeptAnswer: {"digest"},
}


@pytest.mark.parametrize("model", PERSONAL, ids=lambda model: model.__name__)
def test_every_column_of_text_is_decided_to_be_personal_or_not(model: Any) -> None:
    text = {"CharField", "TextField", "EmailField", "URLField", "JSONField"}
    text |= {"ArrayField", "BinaryField"}
    columns = {field.name for field in model._meta.fields if field.get_internal_type() in text}

    assert columns == PERSONAL[model] | NAMELESS.get(model, set())
