"""Questions put by mail: who may answer, once, and what an answer does."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import partial

import pytest

from bookings import commands
from bookings.commands import Actor
from bookings.composing import compose
from bookings.composing.options import options
from bookings.errors import (
    ChangedMeanwhile,
    ChoiceMade,
    ChoiceOver,
    Invalid,
    NotAllowed,
    TooLate,
    WrongState,
)
from bookings.models import Booking, ChoiceLink, ChoicePurpose, Event, Message, Resource
from bookings.models.appointment import digest_of
from bookings.outlets import Envelope
from bookings.outlets.answers import Option
from tests import make
from tests.at_once import outcomes_at_once
from tests.make import NOW, at

pytestmark = pytest.mark.django_db

DESK = Actor("staff", "Mei")
ANN, BOX, JO = "ann@example.org", "salon@example.org", "jo@example.org"


def asked(**fields: object) -> Booking:
    """Return Jo's request to Ann of the salon."""
    business = make.business(name="Salon", mailbox=BOX)
    ann = make.staff(business, name="Ann", email=ANN)
    service = make.service(business, by=[ann], needs_approval=True, **fields)
    return make.booking(service, contact=make.contact(name="Jo", email=JO))


def coming(**fields: object) -> Booking:
    """Return Jo's confirmed booking with the salon."""
    business = make.business(name="Salon", mailbox=BOX)
    service = make.service(business, by=[make.staff(business, name="Ann", email=ANN)], **fields)
    return make.booking(service, contact=make.contact(name="Jo", email=JO))


def letter_options(booking: Booking, address: str, *, topic: str = "requested") -> list[Option]:
    """Return the buttons of the letter about a booking to an address."""
    message = Message.objects.filter(booking=booking, topic=topic, address=address).latest("pk")
    parcel = compose(message, now=NOW)
    assert isinstance(parcel, Envelope)
    assert parcel.letter.occasion is not None
    return list(parcel.letter.occasion.options)


def link_to(address: str, booking: Booking) -> ChoiceLink:
    """Return the link that a letter has brought to an address."""
    first, second = letter_options(booking, address)
    token = found(first)
    assert token == found(second)
    return ChoiceLink.objects.get(digest=digest_of(token))


def found(option: Option) -> str:
    """Return the token in the address of a button."""
    match = re.search(rf"/a/([\w-]{{43}})/\?choose={option.name}$", option.url)
    assert match is not None
    return match[1]


def question(booking: Booking) -> ChoiceLink:
    """Return the link that asks Jo whether they will come."""
    first, _second = options(booking, ChoicePurpose.RECONFIRMATION, address=JO, now=NOW)
    return ChoiceLink.objects.get(digest=digest_of(found(first)))


def choose(link: ChoiceLink, choice: str, **more: object) -> ChoiceLink:
    values = {"sequence": Booking.objects.get(pk=link.booking_id).sequence, "now": NOW}
    return commands.choose(link=link, choice=choice, **values | more)


def told() -> list[tuple[str, str]]:
    return list(Event.objects.order_by("appointment", "version").values_list("kind", "actor"))


def test_each_who_is_asked_has_one_link_of_their_own_and_again_in_every_repeat():
    booking = asked()

    anns, box = link_to(ANN, booking), link_to(BOX, booking)

    assert (anns.purpose, anns.address, box.address) == ("approval", ANN, BOX)
    assert anns.digest != box.digest
    assert link_to(ANN, booking) == anns
    assert ChoiceLink.objects.count() == 2


def test_who_is_asked_approves_by_mail_in_their_own_name():
    booking = asked()

    link = choose(link_to(ANN, booking), "approve")

    booking.refresh_from_db()
    assert (booking.state, link.chosen, link.chosen_at) == ("confirmed", "approve", NOW)
    assert told()[1:] == [("choice.made", "staff:Ann"), ("booking.confirmed", "staff:Ann")]
    event = Event.objects.get(kind="choice.made")
    assert event.data == {"purpose": "approval", "choice": "approve"}
    assert Message.objects.filter(topic="confirmed", address=JO).count() == 1


def test_the_mailbox_declines_by_mail_and_says_why():
    booking = asked()

    choose(link_to(BOX, booking), "decline", reason=" We are\r\naway ")

    booking.refresh_from_db()
    assert (booking.state, booking.cancel_reason) == ("declined", "We are away")
    assert told()[-1] == ("booking.declined", f"staff:{BOX}")


def test_the_same_answer_again_changes_nothing():
    booking = asked()
    link = link_to(ANN, booking)

    choose(link, "approve")
    before = told()
    choose(link, "approve")

    assert told() == before


def test_whoever_is_second_has_nothing_left_to_decide():
    booking = asked()
    anns, box = link_to(ANN, booking), link_to(BOX, booking)
    choose(anns, "approve")

    for link, choice in ((anns, "decline"), (box, "decline"), (box, "approve")):
        with pytest.raises(ChoiceMade):
            choose(link, choice)

    assert Booking.objects.get().state == "confirmed"
    box.refresh_from_db()
    assert box.chosen == ""


def test_what_was_decided_on_the_desk_or_withdrawn_is_no_question_any_more():
    decided, withdrawn = asked(), asked(slug="other")
    links = link_to(ANN, decided), link_to(ANN, withdrawn)
    commands.decline(booking=decided, now=NOW, actor=DESK)
    commands.cancel_booking(booking=withdrawn, now=NOW)

    with pytest.raises(ChoiceMade):
        choose(links[0], "approve")
    with pytest.raises(ChoiceOver):
        choose(links[1], "approve")


def test_a_request_is_decided_by_mail_until_it_is_over():
    booking = asked()
    link = link_to(ANN, booking)

    with pytest.raises(ChoiceOver):
        choose(link, "approve", now=booking.appointment.ends_at)
    assert choose(link, "approve", now=booking.appointment.ends_at - timedelta(seconds=1)).chosen


def test_who_no_longer_serves_decides_nothing_and_is_asked_nothing():
    booking = asked()
    link = link_to(ANN, booking)
    bob = make.staff(booking.business, name="Bob", email="bob@example.org")
    make.ServiceResource.objects.create(service=booking.appointment.service, resource=bob)

    commands.reassign(appointment=booking.appointment, staff=bob, now=NOW, actor=DESK)

    with pytest.raises(NotAllowed):
        choose(link, "approve")
    link.refresh_from_db()
    assert (link.chosen, Booking.objects.get().state) == ("", "pending")
    assert letter_options(Booking.objects.get(), ANN) == []


@pytest.mark.parametrize("gone", ["is_active", "acceptance", "role", "disabled"])
def test_who_has_left_the_house_or_may_not_decide_there_does_not_decide_by_mail(gone: str):
    booking = asked()
    link = link_to(ANN, booking)
    ann = Resource.objects.filter(email=ANN)
    if gone in ("role", "disabled"):
        role = "viewer" if gone == "role" else "scheduler"
        user = make.member(booking.business, role, is_active=gone == "role")
        ann.update(user=user)
    else:
        ann.update(**{"is_active": False} if gone == "is_active" else {"acceptance": "rejected"})

    with pytest.raises(NotAllowed):
        choose(link, "approve")


def test_who_may_decide_on_the_desk_may_by_mail():
    booking = asked()
    user = make.member(booking.business, "team_member")
    Resource.objects.filter(email=ANN).update(user=user)

    choose(link_to(ANN, booking), "approve")

    assert Booking.objects.get().state == "confirmed"


def test_what_changed_since_the_page_was_opened_is_looked_at_again():
    booking = asked()
    link = link_to(ANN, booking)
    commands.reschedule(booking=booking, starts_at=at("14:00"), now=NOW)

    with pytest.raises(ChangedMeanwhile, match="the customer"):
        choose(link, "approve", sequence=0)

    choose(link, "approve")
    assert Booking.objects.get().state == "confirmed"


def test_an_answer_that_was_not_asked_for_is_none():
    link = question(coming())

    for nonsense in ("approve", "", "COME"):
        with pytest.raises(Invalid):
            choose(link, nonsense)


def test_a_customer_says_once_more_that_they_come():
    booking = coming()
    link = question(booking)

    choose(link, "come")
    choose(link, "come")

    booking.refresh_from_db()
    assert booking.reconfirmed_at == NOW
    assert told()[1:] == [("choice.made", "customer"), ("booking.reconfirmed", "customer")]


def test_another_time_takes_back_that_one_will_come_and_asks_by_another_link():
    first, second = coming(), coming(slug="other")
    link = question(first)
    choose(link, "come")
    choose(question(second), "come")

    commands.reschedule(booking=first, starts_at=at("14:00"), now=NOW)
    commands.reschedule_appointment(
        appointment=second.appointment, starts_at=at("14:00"), now=NOW, actor=DESK
    )

    assert list(Booking.objects.values_list("reconfirmed_at", flat=True)) == [None, None]
    first.refresh_from_db()
    assert question(first) != link


def test_other_people_at_the_same_time_change_nothing_about_coming():
    booking = coming()
    choose(question(booking), "come")
    bob = make.staff(booking.business, name="Bob")
    make.ServiceResource.objects.create(service=booking.appointment.service, resource=bob)

    commands.reassign(appointment=booking.appointment, staff=bob, now=NOW, actor=DESK)

    assert Booking.objects.get().reconfirmed_at == NOW


def test_who_cancels_by_mail_is_bound_by_the_notice():
    booking = coming(cancellation_notice=timedelta(hours=24))
    link = question(booking)

    with pytest.raises(TooLate):
        choose(link, "cancel", now=at("10:00", days=0) + timedelta(seconds=1))
    assert ChoiceLink.objects.get().chosen == ""
    choose(link, "cancel", reason="Ill", now=at("10:00", days=0))

    booking.refresh_from_db()
    assert (booking.state, booking.cancel_reason) == ("cancelled", "Ill")
    assert told()[1:] == [("choice.made", "customer"), ("booking.cancelled", "customer")]


def test_nobody_says_that_they_come_to_what_has_begun_or_is_no_booking():
    booking, request = coming(), asked(slug="other")
    link = question(booking)

    with pytest.raises(ChoiceOver):
        choose(link, "come", now=booking.appointment.starts_at)
    with pytest.raises(WrongState):
        commands.reconfirm(booking=request, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_of_answers_at_the_same_moment_one_counts():
    booking = asked()
    anns, box = link_to(ANN, booking), link_to(BOX, booking)
    answers = [(anns, "approve"), (anns, "decline"), (box, "approve"), (box, "decline")] * 3

    outcomes = outcomes_at_once(*(partial(choose, *each) for each in answers))

    assert set(outcomes) == {"done", "choice_made"}
    assert outcomes.count("done") == 3
    assert Event.objects.filter(kind="choice.made").count() == 1
    decided = Event.objects.filter(kind__in=["booking.confirmed", "booking.declined"])
    assert decided.count() == 1
