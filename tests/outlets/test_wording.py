"""What a letter says, per topic and reader."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.utils.translation import override

from bookings.outlets.letter import Audience, Before, Guest, Invite, Letter, Link, Topic, Where
from bookings.outlets.wording import language_of, worded
from tests.outlets.letters import JO, SALON, letter, links_letter, occasion, when

CUSTOMER, STAFF, BUSINESS = Audience.CUSTOMER, Audience.STAFF, Audience.BUSINESS
GOING_ON = occasion().invite
CONFIRMED, CHANGED, CANCELLED = Topic.CONFIRMED, Topic.CHANGED, Topic.CANCELLED
REQUESTED, DECLINED = Topic.REQUESTED, Topic.DECLINED


@pytest.mark.parametrize(
    ("topic", "audience", "subject"),
    [
        (CONFIRMED, CUSTOMER, "Confirmed: Haircut, Tue 3 Nov 2026, 09:00"),
        (CHANGED, CUSTOMER, "Changed: Haircut, Tue 3 Nov 2026, 09:00"),
        (CANCELLED, CUSTOMER, "Cancelled: Haircut, Tue 3 Nov 2026, 09:00"),
        (CONFIRMED, STAFF, "New booking: Haircut, Tue 3 Nov 2026, 09:00 – Jo Smith"),
        (CHANGED, STAFF, "Changed: Haircut, Tue 3 Nov 2026, 09:00 – Jo Smith"),
        (CANCELLED, BUSINESS, "Cancelled: Haircut, Tue 3 Nov 2026, 09:00 – Jo Smith"),
        (REQUESTED, CUSTOMER, "Requested: Haircut, Tue 3 Nov 2026, 09:00"),
        (REQUESTED, STAFF, "Please decide: Haircut, Tue 3 Nov 2026, 09:00 – Jo Smith"),
        (DECLINED, CUSTOMER, "Declined: Haircut, Tue 3 Nov 2026, 09:00"),
    ],
)
def test_the_subject_tells_the_news(topic: Topic, audience: Audience, subject: str) -> None:
    assert worded(letter(topic, audience)).subject == subject


@pytest.mark.parametrize(
    ("told", "opening"),
    [
        (letter(), "Thank you for booking with Salon Möwe. We look forward to seeing you."),
        (
            letter(CHANGED),
            "Salon Möwe has changed your appointment. "
            "If it does not suit you, you can choose another time or cancel.",
        ),
        (
            letter(CHANGED, by_customer=True),
            "Your appointment with Salon Möwe has been changed as you asked.",
        ),
        (letter(CANCELLED), "Salon Möwe had to cancel your appointment. We are sorry."),
        (
            letter(CANCELLED, by_customer=True),
            "Your appointment with Salon Möwe is cancelled, as you asked.",
        ),
        (letter(CONFIRMED, STAFF), "Jo Smith is booked for Haircut."),
        (
            letter(CHANGED, STAFF, by_customer=True),
            "Jo Smith has changed the booking for Haircut.",
        ),
        (letter(CHANGED, STAFF), "The booking of Jo Smith for Haircut has been changed."),
        (
            letter(CANCELLED, BUSINESS, by_customer=True),
            "Jo Smith has cancelled the booking for Haircut.",
        ),
        (
            letter(CANCELLED, STAFF, by_customer=True, capacity=8, seats_taken=5, invite=GOING_ON),
            "Jo Smith has cancelled the booking for Haircut. "
            "The appointment itself goes on with the others.",
        ),
        (
            letter(CONFIRMED, has_begun=True),
            "Salon Möwe has noted your appointment. This is what we have written down.",
        ),
        (
            letter(REQUESTED),
            "Thank you for asking. This time is kept for you until Salon Möwe has looked at your "
            "request; then we write to you again.",
        ),
        (
            letter(REQUESTED, STAFF),
            "Jo Smith asks for Haircut. The time is kept until you approve or decline.",
        ),
        (
            letter(REQUESTED, STAFF, guests=()),
            "Somebody asks for Haircut. The time is kept until you approve or decline.",
        ),
        (letter(DECLINED), "Salon Möwe cannot take this appointment. We are sorry."),
        (letter(DECLINED, STAFF), "The request of Jo Smith for Haircut is declined."),
        (
            letter(DECLINED, STAFF, capacity=8, seats_taken=5),
            "The request of Jo Smith for Haircut is declined. "
            "The appointment itself goes on with the others.",
        ),
        (
            letter(CANCELLED, is_request=True),
            "Salon Möwe had to cancel your request. We are sorry.",
        ),
        (
            letter(CANCELLED, BUSINESS, is_request=True),
            "The request of Jo Smith for Haircut is cancelled.",
        ),
        (letter(CONFIRMED, STAFF, guests=()), "Haircut at Salon Möwe is booked."),
        (letter(CHANGED, STAFF, guests=()), "Haircut at Salon Möwe has been changed."),
        (letter(CANCELLED, STAFF, guests=()), "Haircut at Salon Möwe is cancelled."),
    ],
)
def test_the_opening_says_who_did_what(told: Letter, opening: str) -> None:
    words = worded(told)

    assert words.text.splitlines()[2] == opening
    assert opening.split(". ")[0] in words.html


def test_a_confirmation_reads_well_as_plain_text() -> None:
    assert worded(letter()).text.splitlines() == [
        "Hello Jo Smith,",
        "",
        "Thank you for booking with Salon Möwe. We look forward to seeing you.",
        "",
        "Haircut",
        "  When: Tuesday 3 November 2026, 09:00–09:45 (Europe/Berlin)",
        "  With: Ada Lovelace",
        "  Where: Harbour Street 1, 20457 Hamburg",
        "  Price: € 45.00",
        "  Reference: K7Q2-9MXD",
        "",
        "What you told us",
        "  Have you been here before? Yes",
        "  Notes:",
        "    My hair is long.",
        "    I come by bike.",
        "",
        "Please come five minutes early.",
        "The bell is on the left.",
        "",
        "See, move or cancel your appointment:",
        "https://book.example/m/Zm9vYmFy/",
        "",
        "-- ",
        "Salon Möwe",
        "Harbour Street 1",
        "20457 Hamburg",
        "+49 40 1234567",
        "https://moewe.example/",
        "",
        "Reply to this e-mail to write to Salon Möwe.",
    ]


def test_a_change_says_what_it_was_before() -> None:
    words = worded(letter(CHANGED))

    assert words.text.splitlines()[5:9] == [
        "  When: Tuesday 3 November 2026, 09:00–09:45 (Europe/Berlin)",
        "    before: Monday 2 November 2026, 17:30–18:15 (Europe/Berlin)",
        "  With: Ada Lovelace",
        "    before: Grace Hopper",
    ]
    assert "before: Monday 2 November 2026, 17:30–18:15 (Europe/Berlin)" in words.html


def test_what_stayed_is_not_said_to_have_been_before() -> None:
    plain = letter(CHANGED)
    assert plain.occasion is not None
    assert plain.occasion.before is not None
    before = replace(plain.occasion.before, staff=("Ada Lovelace",), where=plain.occasion.where)

    assert worded(letter(CHANGED, before=before)).text.count("before:") == 1


def test_a_cancellation_gives_the_reason_and_leads_back_to_the_booking_page() -> None:
    words = worded(letter(CANCELLED, reason="The heating\nis broken.")).text.splitlines()

    assert words[4:17] == [
        "Haircut",
        "  When: Tuesday 3 November 2026, 09:00–09:45 (Europe/Berlin)",
        "  With: Ada Lovelace",
        "  Where: Harbour Street 1, 20457 Hamburg",
        "  Reference: K7Q2-9MXD",
        "  Reason:",
        "    The heating",
        "    is broken.",
        "",
        "Book another time:",
        "https://book.example/b/moewe/",
        "",
        "-- ",
    ]


def test_staff_read_who_comes_and_how_to_reach_them() -> None:
    kim = Guest(name="Kim Lee", email="kim@lee.example", reference="P3XN-77TA", seats=2)
    told = letter(CONFIRMED, STAFF, guests=(JO, kim), capacity=8, seats_taken=5)

    assert worded(told).text.splitlines()[4:27] == [
        "Haircut",
        "  When: Tuesday 3 November 2026, 09:00–09:45 (Europe/Berlin)",
        "  Staff: Ada Lovelace",
        "  Where: Harbour Street 1, 20457 Hamburg",
        "  Price: € 45.00",
        "  Group: 5 of 8 places taken",
        "",
        "Jo Smith",
        "  E-mail: jo@smith.example",
        "  Phone: +49 171 2345678",
        "  Reference: K7Q2-9MXD",
        "  Have you been here before? Yes",
        "  Notes:",
        "    My hair is long.",
        "    I come by bike.",
        "",
        "Kim Lee",
        "  E-mail: kim@lee.example",
        "  Places: 2",
        "  Reference: P3XN-77TA",
        "",
        "-- ",
        "Salon Möwe",
    ]


def test_staff_who_no_longer_serve_learn_who_does() -> None:
    before = Before(when=when(2026, 11, 2, 17, 30), staff=("Grace Hopper",))
    said = {"seats_taken": 1, "has_left": True, "staff": ("Ada Lovelace",), "before": before}

    words = worded(letter(CANCELLED, STAFF, **said))

    assert words.subject == "Handed over: Haircut, Mon 2 Nov 2026, 17:30 – Jo Smith"
    assert words.text.splitlines()[2:9] == [
        "Haircut is no longer on your day: it is now with Ada Lovelace.",
        "",
        "Haircut",
        "  When: Tuesday 3 November 2026, 09:00–09:45 (Europe/Berlin)",
        "    before: Monday 2 November 2026, 17:30–18:15 (Europe/Berlin)",
        "  Staff: Ada Lovelace",
        "    before: Grace Hopper",
    ]


@pytest.mark.parametrize("audience", [STAFF, BUSINESS])
@pytest.mark.parametrize("topic", [CONFIRMED, CHANGED, CANCELLED])
def test_the_customers_link_is_only_in_the_customers_mail(topic: Topic, audience: Audience) -> None:
    words = worded(letter(topic, audience))

    assert "/m/" not in words.text + words.html


@pytest.mark.parametrize(
    ("where", "line"),
    [
        (Where(kind="physical", place="Room 5"), "  Where: Room 5"),
        (Where(kind="online", join_link="https://meet.example/a"), "  Where: Online"),
        (Where(kind="telephone"), "  Where: By telephone"),
        (Where(kind="telephone", place="+49 40 1"), "  Where: By telephone: +49 40 1"),
        (Where(kind="offsite"), "  Where: At your place"),
        (Where(kind="offsite", place="Town Hall"), "  Where: Town Hall"),
    ],
)
def test_the_place_is_worded_by_its_kind(where: Where, line: str) -> None:
    assert worded(letter(where=where)).text.splitlines()[7] == line


def test_an_online_appointment_has_its_link_until_it_is_cancelled() -> None:
    where = Where(kind="online", join_link="https://meet.example/a")

    assert "  Join: https://meet.example/a\n" in worded(letter(where=where)).text
    assert "meet.example" not in worded(letter(CANCELLED, where=where)).text


def test_the_links_letter_lists_each_booking() -> None:
    words = worded(
        links_letter(
            Link(title="Haircut", url="https://book.example/m/a/", when=when(2026, 11, 3, 9, 0)),
            Link(title="Shave", url="https://book.example/m/b/", when=when(2026, 11, 4, 9, 0)),
        )
    )

    assert words.subject == "Your bookings with Salon Möwe"
    assert words.text.splitlines()[:13] == [
        "Hello,",
        "",
        "You asked for the links to your bookings with Salon Möwe. With a link a booking can be "
        "seen, moved and cancelled, so keep it to yourself.",
        "",
        "Haircut",
        "  Tuesday 3 November 2026, 09:00–09:45 (Europe/Berlin)",
        "  https://book.example/m/a/",
        "",
        "Shave",
        "  Wednesday 4 November 2026, 09:00–09:45 (Europe/Berlin)",
        "  https://book.example/m/b/",
        "",
        "If it was not you who asked, you can ignore this e-mail.",
    ]


def test_someone_without_bookings_learns_just_that() -> None:
    words = worded(links_letter())

    assert "There are no coming bookings for this e-mail address." in words.text
    assert 'href="https://book.example/b/moewe/"' in words.html


def test_a_letter_is_set_in_the_direction_of_its_language() -> None:
    with override("ar"):
        page = worded(letter()).html

    assert '<html lang="ar" dir="rtl">' in page
    assert "text-align:left" not in page


@pytest.mark.parametrize("language", ["xx", "", "../../etc", "en-GB", "\x00"])
def test_an_unknown_language_falls_back(language: str) -> None:
    assert language_of(letter(language=language)) == "en"


def test_the_brand_heads_the_letter_in_readable_ink() -> None:
    page = worded(letter(business=replace(SALON, brand="#ffd400"))).html

    assert "background:#ffd400;color:#000000" in page


def test_an_invite_is_optional() -> None:
    assert worded(letter(invite=None)) == worded(letter(invite=_other_invite()))


def _other_invite() -> Invite:
    return Invite(uid="x", sequence=9, method="REQUEST", zone="UTC", attendees=())


def test_own_words_have_their_blanks_filled_and_the_facts_stay_below() -> None:
    every = (
        "{{name}}|{{service}}|{{start}}|{{day}}|{{time}}|{{staff}}|{{place}}|{{price}}"
        "|{{reference}}|{{business}}|{{phone}}|{{manage_link}}|{{reason}}|{{ nothing }}"
    )
    own = replace(
        letter(reason="Ada\nis ill"), own_subject="{{ name }}\r\nBcc: x@y.z", own_opening=every
    )

    with override("en"):
        words = worded(own)

    assert words.subject == "Jo Smith Bcc: x@y.z"
    filled = (
        "Jo Smith|Haircut|Tue 3 Nov 2026, 09:00|Tuesday 3 November 2026|09:00|Ada Lovelace"
        "|Harbour Street 1, 20457 Hamburg|€ 45.00|K7Q2-9MXD|Salon Möwe|+49 40 1234567"
        "|https://book.example/m/Zm9vYmFy/|Ada is ill|{{ nothing }}"
    )
    assert words.text.startswith(filled)
    assert filled in words.html
    for fact in ("When", "Where", "Reference", "See, move or cancel"):
        assert fact in words.text[len(filled) :]


def test_own_words_are_never_html() -> None:
    own = replace(letter(), own_opening="<script>x</script>\n\n{{ name }} <i>", own_words="<hr>")

    with override("en"):
        words = worded(replace(own, reader="<b>Jo</b>"))

    assert "&lt;script&gt;x&lt;/script&gt;<br><br>&lt;b&gt;Jo&lt;/b&gt; &lt;i&gt;" in words.html
    assert "<hr>" not in words.html


def test_the_text_of_a_rule_has_the_same_blanks() -> None:
    with override("en"):
        words = worded(replace(letter(), own_words="Bring your card, {{ name }}. {{ x }}"))

    assert "Bring your card, Jo Smith. {{ x }}" in words.text
    assert "Bring your card, Jo Smith. {{ x }}" in words.html


def test_a_test_says_that_it_is_one() -> None:
    with override("en"):
        words = worded(replace(letter(), is_test=True, own_subject="See you"))

    assert words.subject == "Test: See you"
    assert words.text.startswith("This is a test with an invented customer.")
    assert "This is a test with an invented customer." in words.html
