"""A letter leaves as one message that every mail reader understands."""

from __future__ import annotations

from dataclasses import replace

import icalendar
import pytest

from bookings import outlets
from bookings.outlets.letter import Audience, Topic
from tests.outlets.letters import SALON, envelope, letter, links_letter, occasion
from tests.outlets.sink import Sink, part


def test_a_letter_leaves_with_text_html_and_calendar(sink: Sink) -> None:
    outlets.send(envelope())

    (message,) = sink.taken
    assert [each.get_content_type() for each in message.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]
    assert sink.recipients == [["jo@smith.example"]]
    assert sink.senders == ["no-reply@book.example"]


def test_the_headers_name_the_business_and_lead_answers_to_it(sink: Sink) -> None:
    outlets.send(envelope())

    (message,) = sink.taken
    assert message["From"] == "Salon Möwe <no-reply@book.example>"
    assert message["To"] == "jo@smith.example"
    assert message["Reply-To"] == "salon@moewe.example"
    assert message["Subject"] == "Confirmed: Haircut, Tue 3 Nov 2026, 09:00"
    assert message["Auto-Submitted"] == "auto-generated"


def test_the_calendar_part_and_the_attachment_are_the_same_file(sink: Sink) -> None:
    outlets.send(envelope())

    (message,) = sink.taken
    (inline,) = (each for each in message.walk() if each.get_content_type() == "text/calendar")
    (attached,) = (each for each in message.walk() if each.get_content_type() == "application/ics")
    assert dict(inline["Content-Type"].params) == {"method": "REQUEST", "charset": "utf-8"}
    assert attached.get_filename() == "invite.ics"
    assert inline.get_payload(decode=True).split() == attached.get_payload(decode=True).split()


@pytest.mark.parametrize(
    ("topic", "method", "status"),
    [
        (Topic.CONFIRMED, "REQUEST", "CONFIRMED"),
        (Topic.CHANGED, "REQUEST", "CONFIRMED"),
        (Topic.CANCELLED, "CANCEL", "CANCELLED"),
    ],
)
def test_the_calendar_says_what_the_letter_says(
    sink: Sink, topic: Topic, method: str, status: str
) -> None:
    outlets.send(envelope(letter(topic)))

    calendar = icalendar.Calendar.from_ical(part(sink.taken[0], "application/ics"))
    (event,) = calendar.walk("VEVENT")
    assert (calendar["METHOD"], event["STATUS"]) == (method, status)
    assert event["UID"] == occasion().invite.uid
    assert event["SUMMARY"] == "Haircut – Salon Möwe"
    assert event["LOCATION"] == "Harbour Street 1, 20457 Hamburg"
    assert event["ORGANIZER"] == "mailto:salon@moewe.example"


def test_the_same_key_gives_the_same_message_id_and_another_key_another(sink: Sink) -> None:
    outlets.send(envelope(key="7:email:jo@smith.example"))
    outlets.send(envelope(letter(Topic.CHANGED), key="7:email:jo@smith.example"))
    outlets.send(envelope(key="8:email:jo@smith.example"))

    first, again, other = (message["Message-ID"] for message in sink.taken)
    assert first == again
    assert first != other
    assert first.endswith("@book.example>")
    assert "jo" not in first.split("@")[0]


def test_the_organiser_gets_a_copy_and_not_an_invitation(sink: Sink) -> None:
    outlets.send(envelope(letter(audience=Audience.BUSINESS), address="Salon@Moewe.example"))

    calendar = icalendar.Calendar.from_ical(part(sink.taken[0], "application/ics"))
    assert calendar["METHOD"] == "PUBLISH"


def test_a_customer_of_a_group_sees_no_other_customer(sink: Sink) -> None:
    outlets.send(envelope(letter(capacity=8, seats_taken=5)))

    calendar = icalendar.Calendar.from_ical(part(sink.taken[0], "application/ics"))
    (event,) = calendar.walk("VEVENT")
    assert event["ATTENDEE"] == "mailto:jo@smith.example"
    assert "5" not in part(sink.taken[0], "text/plain").split("Reference")[0].replace("45", "")


def test_staff_of_a_group_see_everyone_who_comes(sink: Sink) -> None:
    invite = replace(
        occasion().invite,
        attendees=(("Jo Smith", "jo@smith.example"), ("Kim Lee", "kim@lee.example")),
    )
    said = {"capacity": 8, "seats_taken": 5, "invite": invite, "service": "Yoga"}

    outlets.send(envelope(letter(audience=Audience.STAFF, **said)))

    calendar = icalendar.Calendar.from_ical(part(sink.taken[0], "application/ics"))
    (event,) = calendar.walk("VEVENT")
    assert event["SUMMARY"] == "Yoga (5/8)"
    assert event["ATTENDEE"] == ["mailto:jo@smith.example", "mailto:kim@lee.example"]


def test_a_letter_with_links_has_no_calendar(sink: Sink) -> None:
    outlets.send(envelope(links_letter()))

    (message,) = sink.taken
    assert [each.get_content_type() for each in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]


def test_an_attendee_without_a_possible_address_is_left_out(sink: Sink) -> None:
    invite = replace(occasion().invite, attendees=(("Jo", "nowhere"), ("Kim", "kim@lee.example")))

    outlets.send(envelope(letter(invite=invite)))

    calendar = icalendar.Calendar.from_ical(part(sink.taken[0], "application/ics"))
    (event,) = calendar.walk("VEVENT")
    assert event["ATTENDEE"] == "mailto:kim@lee.example"


def test_a_business_without_a_mailbox_still_sends(sink: Sink) -> None:
    outlets.send(envelope(letter(business=replace(SALON, mailbox=""))))

    (message,) = sink.taken
    assert message["Reply-To"] is None
    assert "text/calendar" not in [each.get_content_type() for each in message.walk()]
    assert "Reply to this e-mail" not in part(message, "text/plain")


def test_a_business_chooses_the_name_it_writes_under_and_where_answers_go(sink: Sink) -> None:
    named = replace(SALON, sender="Zoë\r\nBcc: x@y.z", reply_to="answers@moewe.example")

    outlets.send(envelope(letter(business=named)))
    outlets.send(envelope(letter(business=replace(SALON, reply_to="nowhere"))))

    first, second = sink.taken
    assert str(first["From"]) == '"Zoë Bcc: x@y.z" <no-reply@book.example>'
    assert first["Reply-To"] == "answers@moewe.example"
    assert second["Reply-To"] == "salon@moewe.example"
