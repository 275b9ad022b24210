"""The page behind the buttons of a letter."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bookings import commands
from bookings.commands import Actor
from bookings.models import Booking, ChoiceLink, ChoicePurpose, Event, Resource
from tests import make
from tests.faces.site.visiting import text

pytestmark = pytest.mark.django_db

DESK = Actor("staff", "Mei")


def asked(**fields: object) -> Booking:
    """Return Jo's request to Ann of the salon."""
    business = make.business(name="Salon", mailbox="salon@example.org", phone="030 1")
    ann = make.staff(business, name="Ann", email="ann@example.org")
    service = make.service(business, by=[ann], name="Cut", **{"needs_approval": True} | fields)
    return make.booking(service, contact=make.contact(name="Jo", notes="By the window"))


def coming(**fields: object) -> Booking:
    return asked(needs_approval=False, **fields)


def page(booking: Booking, purpose: ChoicePurpose, address: str = "ann@example.org") -> str:
    """Return the address of the page that asks about a booking."""
    until = booking.appointment.ends_at
    token = commands.choice_token(
        booking=booking, purpose=purpose, address=address, until=until, now=make.NOW
    )
    return f"/a/{token}/"


def approval(booking: Booking) -> str:
    return page(booking, ChoicePurpose.APPROVAL)


def reconfirmation(booking: Booking) -> str:
    return page(booking, ChoicePurpose.RECONFIRMATION, "jo@example.org")


def test_opening_every_link_of_a_letter_writes_nothing(client: Client) -> None:
    request, booking = asked(), coming(slug="other")
    pages = [
        *(f"{approval(request)}?choose={each}" for each in ("approve", "decline", "", "x")),
        *(f"{reconfirmation(booking)}?choose={each}" for each in ("come", "cancel")),
    ]

    with CaptureQueriesContext(
        connection,
    ) as queries:
        for each in pages * 2:
            assert client.get(each).status_code == 200
            assert client.head(each).status_code == 200

    assert {query["sql"].split()[0] for query in queries} == {"SELECT"}
    request.refresh_from_db()
    assert request.state == "pending"


def test_the_page_shows_what_it_is_about_and_asks_for_the_answer_chosen(client: Client) -> None:
    address = approval(asked())

    approving = text(client.get(f"{address}?choose=approve"))
    declining = text(client.get(f"{address}?choose=decline"))
    neither = text(client.get(address))

    for each in (approving, declining, neither):
        assert all(word in each for word in ("Cut", "Jo", "By the window", "Ann"))
    assert "Approve this request?" in approving
    assert 'name="reason"' not in approving
    assert "Yes, decline it" in declining
    assert 'name="reason"' in declining
    assert "Approve or decline this request?" in neither
    assert "<form" not in neither
    assert f'href="{address}?choose=approve"' in neither


def test_staff_read_whose_place_it_is_and_customers_that_it_is_theirs(client: Client) -> None:
    request, booking = asked(location_kind="offsite"), coming(location_kind="offsite", slug="other")

    assert "At the customer’s place" in text(client.get(approval(request)))
    assert "At your place" in text(client.get(reconfirmation(booking)))


def test_a_post_answers_and_the_page_then_says_what_became_of_it(client: Client) -> None:
    booking = asked()
    address = approval(booking)

    answer = client.post(address, {"choose": "approve", "sequence": "0"})

    assert (answer.status_code, answer["Location"]) == (303, address)
    settled = text(client.get(address))
    assert "This request is approved" in settled
    assert "By Ann, Mon 3 Mar 2031, 07:00." in settled
    assert "<form" not in settled
    assert Booking.objects.get().state == "confirmed"


def test_whoever_is_second_reads_who_decided_what(client: Client) -> None:
    booking = asked()
    address = approval(booking)
    commands.decline(booking=booking, now=make.NOW, actor=DESK)

    late = client.post(address, {"choose": "approve", "sequence": "0"})

    assert late.status_code == 409
    assert "This request is declined" in text(late)
    assert "By Mei, Mon 3 Mar 2031, 07:00." in text(late)
    assert client.get(f"{address}?choose=approve").status_code == 200


def test_dead_links_say_kindly_what_became_of_the_question(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    withdrawn, forgotten = asked(), asked(slug="other")
    cancelled, begun = coming(slug="third"), coming(slug="fourth")
    commands.cancel_booking(booking=withdrawn, now=make.NOW)
    commands.cancel_booking(booking=cancelled, reason="Ill", now=make.NOW)
    pages = {
        approval(withdrawn): "This request is withdrawn",
        approval(forgotten): "Nobody answered it in time.",
        reconfirmation(cancelled): "Reason: Ill",
        reconfirmation(begun): "Your appointment has begun",
    }
    monkeypatch.setattr(timezone, "now", lambda: make.at("11:00"))

    for address, said in pages.items():
        answer = client.get(f"{address}?choose=approve")
        assert (answer.status_code, said in text(answer)) == (200, True), said


def test_who_no_longer_serves_reads_nothing_of_the_customer(client: Client) -> None:
    booking = asked()
    address = approval(booking)
    Resource.objects.filter(name="Ann").update(is_active=False)

    seen = client.get(f"{address}?choose=approve")
    tried = client.post(address, {"choose": "approve", "sequence": "0"})

    assert (seen.status_code, tried.status_code) == (200, 403)
    for each in (seen, tried):
        assert "This is no longer yours to answer" in text(each)
        assert "Jo" not in text(each)
    assert ChoiceLink.objects.get().chosen == ""


def test_a_request_that_changed_is_shown_anew_before_anybody_decides(client: Client) -> None:
    booking = asked()
    address = approval(booking)
    commands.reschedule(booking=booking, starts_at=make.at("14:00"), now=make.NOW)

    stale = client.post(address, {"choose": "decline", "sequence": "0", "reason": "Full"})

    assert stale.status_code == 409
    assert "This has been changed meanwhile by the customer." in text(stale)
    assert "14:00" in text(stale)
    assert ">Full</textarea>" in text(stale)
    assert client.post(address, {"choose": "decline", "sequence": "1"}).status_code == 303


def test_a_customer_confirms_once_more_and_is_thanked(client: Client) -> None:
    address = reconfirmation(coming())

    assert "Yes, I will come" in text(client.get(f"{address}?choose=come"))
    client.post(address, {"choose": "come", "sequence": "0"})

    assert "Thank you, you are coming" in text(client.get(address))
    assert Event.objects.filter(kind="booking.reconfirmed").count() == 1


def test_who_has_answered_reads_what_it_was_and_where_to_go_on(client: Client) -> None:
    request, booking, other = asked(), coming(slug="other"), coming(slug="third")
    deciding, coming_still, cancelling = (
        approval(request),
        reconfirmation(booking),
        reconfirmation(other),
    )
    client.post(deciding, {"choose": "approve", "sequence": "0"})
    client.post(coming_still, {"choose": "come", "sequence": "0"})
    client.post(cancelling, {"choose": "cancel", "sequence": "0"})
    manage = f"/m/{commands.manage_token(booking=booking, now=make.NOW)}/"
    appointment = request.appointment.public_id

    decided, comes, cancelled = (
        text(client.get(each)) for each in (deciding, coming_still, cancelling)
    )

    assert f"/appointments/{appointment}/" in decided
    assert manage in comes
    assert "See your appointment" in comes
    assert "Booked now" in comes
    assert "Book again" in cancelled
    assert "/m/" not in cancelled
    assert "Booked now" not in cancelled


def test_who_is_asked_to_cancel_may_say_no(client: Client) -> None:
    address = reconfirmation(coming())

    assert "No, I will come" in text(client.get(f"{address}?choose=cancel"))


def test_who_is_too_late_to_cancel_reads_so_and_whom_to_ask(client: Client) -> None:
    address = reconfirmation(coming(cancellation_notice=timedelta(days=3)))

    seen = client.get(f"{address}?choose=cancel")
    tried = client.post(address, {"choose": "cancel", "sequence": "0"})

    assert (seen.status_code, tried.status_code) == (200, 422)
    for each in (seen, tried):
        assert text(each).count("It is too late to change this booking online.") == 1
        assert "030 1" in text(each)
        assert "<form" not in text(each)
        assert "?choose=come" in text(each)


def test_the_page_is_kept_and_indexed_by_nobody(client: Client) -> None:
    answer = client.get(approval(asked()))

    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "same-origin"


def test_an_unknown_link_leads_nowhere_and_so_does_one_long_past(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = approval(asked())

    assert client.get("/a/" + "x" * 43 + "/").status_code == 404
    monkeypatch.setattr(timezone, "now", lambda: make.at("11:00") + timedelta(days=31))
    assert client.get(address).status_code == 404
    assert client.post(address, {"choose": "approve", "sequence": "0"}).status_code == 404


def test_a_link_is_good_for_its_own_question_alone(client: Client) -> None:
    booking = coming()
    token = reconfirmation(booking).split("/")[2]

    assert client.get(f"/m/{token}/").status_code == 404
    manage = commands.manage_token(booking=booking, now=make.NOW)
    assert client.get(f"/a/{manage}/").status_code == 404
    assert client.post(f"/a/{token}/", {"choose": "approve", "sequence": "0"}).status_code == 422


def test_who_was_asked_says_on_the_manage_page_that_they_come(client: Client) -> None:
    booking = coming()
    manage = f"/m/{commands.manage_token(booking=booking, now=make.NOW)}/"

    assert "Will you come?" not in text(client.get(manage))
    reconfirmation(booking)
    assert "Will you come?" in text(client.get(manage))
    assert client.post(f"{manage}come/")["Location"] == manage

    thanked = text(client.get(manage))
    assert "You have said that you will come." in thanked
    assert "Will you come?" not in thanked
    commands.cancel_booking(booking=booking, now=make.NOW)
    assert client.post(f"{manage}come/").status_code == 422


def test_the_desk_shows_who_has_said_so(client: Client) -> None:
    booking = coming()
    client.force_login(make.member(booking.business))
    commands.reconfirm(booking=booking, now=make.NOW)
    desk = f"/desk/{booking.business.slug}/"

    panel = text(client.get(f"{desk}appointments/{booking.appointment.public_id}/"))
    listed = text(client.get(f"{desk}list/?state=reconfirmed"))

    assert '<span class="badge ok">will come</span>' in panel
    assert "Jo said once more: I will come" in panel
    assert "Jo" in listed
    assert "Will come" in listed
    assert "is-reconfirmed" in text(client.get(f"{desk}?day={make.at('10:00'):%Y-%m-%d}"))
