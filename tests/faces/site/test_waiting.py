"""Waiting for a place in a group that is full."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from bookings import commands
from bookings.commands import Actor
from bookings.models import Booking, ChoicePurpose, Service
from tests import make
from tests.faces.site.visiting import Answer, held, service_url, text

pytestmark = pytest.mark.django_db

DESK = Actor("staff", "Mei")


@pytest.fixture
def yoga() -> Service:
    """Return a service with a list, of which the session on Tuesday at ten is full."""
    service = make.service(make.business(name="Studio"), capacity=2, has_waitlist=True, name="Yoga")
    for _ in range(2):
        make.booking(service)
    return service


def day(service: Service, **fields: str) -> str:
    query = "&".join(f"{name}={value}" for name, value in {"day": "2031-03-04", **fields}.items())
    return f"{service_url(service)}?{query}"


def wait_url(service: Service) -> str:
    session = service.appointments.get()
    return f"/b/{service.business.slug}/wait/{session.public_id}/"


def join(client: Client, service: Service, **fields: str) -> Answer:
    who = {"name": "Anna Berg", "email": "anna@example.org", "party": "1"}
    return client.post(wait_url(service), who | fields)


def joined(client: Client, service: Service) -> str:
    """Join the list; return the address of the manage page."""
    answer = join(client, service)
    assert answer.status_code == 303, answer.content.decode()
    return str(answer["Location"])


def free_a_place(service: Service) -> None:
    first = service.appointments.get().bookings.filter(state="confirmed").earliest("pk")
    commands.cancel_booking(booking=first, now=make.NOW, actor=DESK)


def test_a_full_session_is_shown_with_the_way_to_its_list(client: Client, yoga: Service) -> None:
    page = text(client.get(day(yoga)))

    assert "full, join the waiting list" in page
    assert f'href="{wait_url(yoga)}"' in page
    assert f'href="{wait_url(yoga)}?party=2"' in text(client.get(day(yoga, party="2")))


def test_without_a_list_or_with_places_left_there_is_nothing_to_wait_for(
    client: Client, yoga: Service
) -> None:
    free_a_place(yoga)
    assert "waiting list" not in text(client.get(day(yoga)))

    make.booking(yoga)
    Service.objects.update(has_waitlist=False)
    assert "waiting list" not in text(client.get(day(yoga)))
    assert client.get(wait_url(yoga)).status_code == 404


def test_a_day_on_which_all_is_full_can_still_be_opened(client: Client) -> None:
    business = make.business(hours="10:00-10:30")
    service = make.service(business, capacity=1 + 1, has_waitlist=True)
    for _ in range(2):
        make.booking(service)

    month = text(client.get(f"{service_url(service)}?month=2031-03"))
    chosen = text(client.get(day(service)))

    assert 'data-full><span aria-hidden="true">4</span>' in month
    assert "Tuesday 4 March, full" in month
    assert wait_url(service) in chosen
    assert "Next free day:" in chosen


def test_who_holds_the_last_place_is_not_asked_to_wait_for_it(client: Client) -> None:
    service = make.service(capacity=2, has_waitlist=True)
    make.booking(service)
    held(client, service, make.at("10:00"))

    assert "waiting list" not in text(client.get(day(service)))
    assert "waiting list" in text(Client().get(day(service)))


def test_a_visitor_joins_and_reads_what_happens_next(client: Client, yoga: Service) -> None:
    form = text(client.get(wait_url(yoga)))
    assert "Join the waiting list" in form
    assert "Tuesday 4 March 2031" in form

    manage = joined(client, yoga)
    page = text(client.get(manage))

    assert "You are on the waiting list" in page
    assert "As soon as there is a place for you we write to anna@example.org." in page
    assert "Leave the list</button>" in page
    assert "Take the place" not in page
    assert "Move to another time" not in page
    assert client.get(f"{manage}appointment.ics").status_code == 404
    assert Booking.objects.filter(state="waitlisted").count() == 1


def test_what_is_wrong_with_joining_is_said_with_all_that_was_typed(
    client: Client, yoga: Service
) -> None:
    empty = join(client, yoga, name="", email="anna@", party="2")
    assert empty.status_code == 422
    assert 'value="anna@"' in text(empty)
    assert 'name="party" value="2"' in text(empty)

    joined(client, yoga)
    again = join(client, yoga, name="Somebody")
    assert (again.status_code, "You are on this waiting list already." in text(again)) == (
        422,
        True,
    )
    free_a_place(yoga)
    commands.leave_waitlist(booking=Booking.objects.get(state="held"), now=make.NOW)
    left = join(client, yoga, email="ben@example.org")
    assert "There are places left at this time: you can book right away." in text(left)


def test_an_offer_is_taken_on_the_manage_page(client: Client, yoga: Service) -> None:
    manage = joined(client, yoga)
    free_a_place(yoga)

    offered = text(client.get(manage))
    assert "A place is free for you" in offered
    assert "It is kept for you until Mon 3 Mar 2031, 19:00." in offered

    assert client.post(f"{manage}take/")["Location"] == manage
    taken = text(client.get(manage))
    assert "It is confirmed, Anna Berg." in taken
    assert client.post(f"{manage}leave/").status_code == 422


def test_the_list_is_left_on_the_manage_page(client: Client, yoga: Service) -> None:
    manage = joined(client, yoga)

    assert client.post(f"{manage}take/").status_code == 422
    assert client.post(f"{manage}leave/")["Location"] == manage

    left = text(client.get(manage))
    assert "You are off the waiting list" in left
    assert "Book again" in left
    assert "Leave the list" not in left


@pytest.mark.parametrize(
    ("choice", "said"),
    [("take", "A confirmation is on its way to"), ("leave", "Thank you for telling us")],
)
def test_an_offer_is_answered_from_the_letter(
    client: Client, yoga: Service, choice: str, said: str
) -> None:
    joined(client, yoga)
    free_a_place(yoga)
    address, sequence = _offer_page()

    asked = text(client.get(f"{address}?choose={choice}"))
    assert "It is kept for you until Mon 3 Mar 2031, 19:00." in asked
    answer = client.post(address, {"choose": choice, "sequence": sequence})

    assert (answer.status_code, answer["Location"]) == (303, address)
    assert said in text(client.get(address))


def test_an_offer_that_has_ended_is_said_kindly(
    client: Client, yoga: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    manage = joined(client, yoga)
    free_a_place(yoga)
    address, sequence = _offer_page()
    monkeypatch.setattr(timezone, "now", lambda: make.NOW + timedelta(hours=12))

    late = client.post(address, {"choose": "take", "sequence": sequence})

    assert (late.status_code, "This place is no longer kept for you" in text(late)) == (409, True)
    assert client.post(f"{manage}take/").status_code == 409
    assert "The place is no longer kept for you" in text(client.get(manage))


def _offer_page() -> tuple[str, int]:
    offered = Booking.objects.get(state="held")
    token = commands.choice_token(
        booking=offered,
        purpose=ChoicePurpose.OFFER,
        address=offered.email,
        until=offered.expires_at,
        now=make.NOW,
    )
    return f"/a/{token}/", offered.sequence


def test_staff_see_the_line_give_places_and_take_people_off_it(
    client: Client, yoga: Service
) -> None:
    joined(Client(), yoga)
    session = yoga.appointments.get()
    client.force_login(make.member(yoga.business))
    panel = f"/desk/{yoga.business.slug}/appointments/{session.public_id}/"

    page = text(client.get(panel))
    assert 'id="docket-waiting"' in page
    assert "since Mon 3 Mar 2031, 07:00" in page
    assert "Give them the place" not in page
    added = client.post(
        f"{panel}attendees/",
        {"name": "Ben", "email": "ben@example.org", "seats": "1", "wait": "1"},
    )
    assert added.status_code == 303, added.content.decode()
    assert "Ben is on the waiting list." in text(client.get(panel))
    free_a_place(yoga)

    page = text(client.get(panel)).partition('id="docket-waiting"')[2]
    anna, ben = Booking.objects.filter(waitlisted_at__isnull=False).order_by("pk")
    assert page.index("Anna Berg") < page.index("Ben")
    assert "kept until Mon 3 Mar 2031, 19:00" in page
    desk = f"/desk/{yoga.business.slug}/bookings/"
    assert f"{desk}{anna.public_id}/give-place/" in page
    assert f"{desk}{ben.public_id}/give-place/" not in page
    client.post(f"{desk}{anna.public_id}/give-place/")
    client.post(f"{desk}{ben.public_id}/unlist/", {"reason": "Too many"})

    page = text(client.get(panel))
    assert 'id="docket-waiting"' not in page
    anna.refresh_from_db()
    ben.refresh_from_db()
    assert (anna.state, ben.state, ben.cancel_reason) == ("confirmed", "expired", "Too many")
    assert "Ben is off the waiting list" in page


def test_the_day_shows_no_name_of_whom_a_place_is_only_offered_to(
    client: Client, yoga: Service
) -> None:
    joined(Client(), yoga)
    free_a_place(yoga)
    client.force_login(make.member(yoga.business))

    for view in ("", "list/"):
        page = text(client.get(f"/desk/{yoga.business.slug}/{view}?day=2031-03-04"))
        assert "Anna Berg" not in page
    assert "2/2" in text(client.get(f"/desk/{yoga.business.slug}/?day=2031-03-04"))
