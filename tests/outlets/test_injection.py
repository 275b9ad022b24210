"""What people type stays text: in headers, in plain text, in HTML and in the calendar file."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from email.message import EmailMessage

import icalendar
import pytest

from bookings import outlets
from bookings.outlets.letter import Answered, Audience, Guest, Letter, Topic, Where
from tests.outlets.letters import SALON, envelope, letter
from tests.outlets.sink import Sink, part

HOSTILE = {
    "header": "Jo\r\nBcc: eve@evil.example\r\n\r\nnew body",
    "bare carriage return": "Jo\rBcc: eve@evil.example",
    "line separators": "Jo\u2028Bcc: eve\u0085X-Evil: 1\vX\fY",
    "tags": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "quotes": "\"><a href='https://evil.example'>&amp;",
    "template": "{{ letter.occasion.manage_url }}{% load i18n %}{% include 'x' %}",
    "formula": "=1+1",
    "percent": "%s %(who)s %d 100%",
    "bidi": "\u202egpj.exe\u202c \u2066x\u2069",
    "emoji": "👩🏽‍🚀 Zoë 北京",
    "controls": "\x00\x07\x1b[31mred\x7f\x9b",
    "encoded word": "=?utf-8?q?=0D=0ABcc=3A_eve=40evil.example?=",
    "address": "eve@evil.example>, <jo@smith.example",
    "long": "x" * 1000,
    "long and wide": "🚀" * 1000,
    "calendar": "Jo\nEND:VEVENT\nBEGIN:VEVENT;ATTENDEE:mailto:eve@evil.example",
}
NOT_SHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def everywhere(text: str, topic: Topic, audience: Audience) -> Letter:
    """Return a letter with `text` in every place that people fill."""
    guest = Guest(
        name=text,
        email="jo@smith.example",
        reference="K7Q2-9MXD",
        phone=text,
        notes=text,
        answers=(Answered(question=text, answer=text),),
    )
    plain = letter(
        topic,
        audience,
        business=replace(SALON, name=text, address=text, phone=text, website=text, brand=text),
        service=text,
        guests=(guest,),
        staff=(text, text),
        where=Where(kind="online", place=text, join_link=f"javascript:{text}"),
        price=text,
        note=text,
        staff_notes=text,
        reason=text,
    )
    return replace(plain, reader=text, language=text)


@pytest.mark.parametrize(
    ("topic", "audience"),
    [
        (Topic.CONFIRMED, Audience.CUSTOMER),
        (Topic.CHANGED, Audience.STAFF),
        (Topic.CANCELLED, Audience.BUSINESS),
        (Topic.REQUESTED, Audience.STAFF),
        (Topic.DECLINED, Audience.CUSTOMER),
    ],
)
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_the_mail_leaves_and_says_nothing_else(
    sink: Sink, text: str, topic: Topic, audience: Audience
) -> None:
    plain = envelope(letter(topic, audience))
    outlets.send(plain)
    outlets.send(envelope(everywhere(text, topic, audience)))

    usual, hostile = sink.taken
    assert sink.recipients == [["jo@smith.example"]] * 2
    assert hostile.keys() == usual.keys()
    assert not hostile.defects
    assert len(str(hostile["Subject"])) <= 150
    assert hostile["From"].addresses[0].addr_spec == "no-reply@book.example"
    assert len(hostile["From"].addresses) == 1
    assert shape(hostile) == shape(usual)
    for content_type in ("text/plain", "text/html"):
        assert not NOT_SHOWN.search(part(hostile, content_type).replace("\r\n", "\n"))
    assert tags(hostile) == tags(usual) | {"a"}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_the_calendar_file_has_one_event_for_one_customer(sink: Sink, text: str) -> None:
    outlets.send(envelope(everywhere(text, Topic.CONFIRMED, Audience.CUSTOMER)))

    calendar = icalendar.Calendar.from_ical(part(sink.taken[0], "application/ics"))
    (event,) = calendar.walk("VEVENT")
    assert event["ATTENDEE"] == "mailto:jo@smith.example"
    assert event["URL"] == "https://book.example/m/Zm9vYmFy/"
    assert not event.errors


def test_a_typed_template_is_shown_as_typed(sink: Sink) -> None:
    outlets.send(envelope(everywhere(HOSTILE["template"], Topic.CONFIRMED, Audience.STAFF)))

    (message,) = sink.taken
    assert HOSTILE["template"] in part(message, "text/plain")
    assert html.escape(HOSTILE["template"]) in part(message, "text/html")


def test_lines_of_a_note_cannot_pass_for_lines_of_the_letter(sink: Sink) -> None:
    guest = replace(letter().occasion.guests[0], notes="Hi\n\nPrice: free\n-- \nThe boss")

    outlets.send(envelope(letter(audience=Audience.STAFF, guests=(guest,))))

    text = part(sink.taken[0], "text/plain").replace("\r\n", "\n")
    assert "  Notes:\n    Hi\n    \n    Price: free\n    --\n    The boss\n" in text


def test_only_web_addresses_become_links(sink: Sink) -> None:
    plain = letter(
        business=replace(SALON, website="javascript:alert(1)"),
        where=Where(kind="online", join_link="data:text/html,x"),
    )

    outlets.send(envelope(plain))

    page = part(sink.taken[0], "text/html")
    assert re.findall('href="([^"]+)"', page) == ["https://book.example/m/Zm9vYmFy/"]
    assert "javascript:" not in page
    assert "data:" not in page


def shape(message: EmailMessage) -> list[str]:
    """Return the types of the parts, in order."""
    return [each.get_content_type() for each in message.walk()]


def tags(message: EmailMessage) -> set[str]:
    """Return the tags of the HTML part; links always count."""
    return set(re.findall("<([a-z0-9]+)", part(message, "text/html"))) | {"a"}
