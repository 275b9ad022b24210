"""The time off pages: who is away, for how long, and what is booked then all the same."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from bookings import commands
from bookings.models import Business, Message, Resource, TimeOff
from tests import make
from tests.faces.desk.test_hours import own
from tests.faces.desk.test_people import signed_in, told
from tests.faces.site.visiting import Answer, text
from tests.make import NOW, at

pytestmark = pytest.mark.django_db


def page_of(of: Business, path: str = "") -> str:
    return f"/desk/{of.slug}/time-off/{path}"


def take(client: Client, of: Business, *who: Resource, **typed: Any) -> Answer:
    """Send the form: Tuesday 4 March 2031 from ten to twelve unless told otherwise."""
    sent = {
        "from_day": "2031-03-04",
        "from_time": "10:00",
        "until_day": "",
        "until_time": "12:00",
        "title": "Dentist",
        "staff": [str(each.public_id) for each in who],
    }
    return client.post(page_of(of, "new/"), sent | typed)


def spans() -> list[tuple[datetime, datetime]]:
    return list(TimeOff.objects.order_by("pk").values_list("starts_at", "ends_at"))


def scheduler(of: Business) -> Client:
    return signed_in(make.member(of, "scheduler", name="Sky"))


def test_a_team_member_takes_time_off_for_themselves() -> None:
    business = make.business(zone="Europe/Berlin")
    person, client = own(business)

    assert "Who is away?" not in text(client.get(page_of(business, "new/")))
    page = told(client, take(client, business))

    row = TimeOff.objects.get()
    assert (row.resource, row.title) == (person, "Dentist")
    assert (row.starts_at, row.ends_at) == (at("09:00"), at("11:00"))
    assert "The time off is noted. Nothing is booked then." in page
    assert "Tuesday 4 March 2031, 10:00 – 12:00" in page
    assert not Message.objects.exists()


def test_several_are_away_at_once_and_each_gets_a_letter() -> None:
    business = make.business()
    one, two, three = (make.staff(business) for _ in range(3))
    client = scheduler(business)

    told(client, take(client, business, one, two))

    assert [row.resource for row in TimeOff.objects.order_by("pk")] == [one, two]
    assert {each.address for each in Message.objects.all()} == {one.email, two.email}
    assert three.times_off.count() == 0


def test_a_closure_is_for_the_whole_business() -> None:
    business = make.business()
    client = scheduler(business)

    told(client, take(client, business, make.staff(business), closed="1"))

    assert TimeOff.objects.get().resource is None
    assert "Closed" in text(client.get(page_of(business)))


def test_whole_days_are_days_of_the_business_over_a_change_of_the_clocks() -> None:
    business = make.business(zone="Europe/Berlin")
    person, client = own(business)

    told(
        client,
        take(
            client,
            business,
            all_day="on",
            from_day="2031-03-29",
            until_day="2031-03-30",
            from_time="",
            until_time="nonsense",
        ),
    )

    [(starts_at, ends_at)] = spans()
    assert starts_at == datetime(2031, 3, 28, 23, tzinfo=UTC)
    assert ends_at == datetime(2031, 3, 30, 22, tzinfo=UTC), "the last day has 23 hours"
    assert "Saturday 29 March – Sunday 30 March 2031" in text(client.get(page_of(business)))
    assert person.times_off.count() == 1


def test_of_a_time_that_comes_twice_the_longer_time_off_is_meant() -> None:
    business = make.business(zone="Europe/Berlin")
    _person, client = own(business)
    day = {"from_day": "2031-10-26", "from_time": "02:30", "until_time": "02:45"}

    told(client, take(client, business, **day))

    assert spans() == [
        (datetime(2031, 10, 26, 0, 30, tzinfo=UTC), datetime(2031, 10, 26, 1, 45, tzinfo=UTC))
    ]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"until_time": "09:00"}, "The end must be after the start."),
        ({"until_time": "10:00"}, "The end must be after the start."),
        ({"until_day": "2031-03-03"}, "The end must be after the start."),
        ({"all_day": "on", "until_day": "2031-03-03"}, "The last day is not before the first."),
        ({"from_day": "2031-03-02"}, "This time has already passed."),
        ({"from_day": ""}, "Please give a day."),
        ({"from_day": "31.2.2031"}, "Please give a day."),
        ({"until_day": "soon"}, "Please give a day."),
        ({"from_time": ""}, "Please give a time, such as 14:30."),
        ({"until_time": "25:00"}, "Please give a time, such as 14:30."),
        (
            {"from_day": "2031-03-30", "from_time": "02:30"},
            "This time does not exist on that day, because the clocks change.",
        ),
    ],
)
def test_what_makes_no_sense_is_refused_and_what_was_typed_stays(
    typed: dict[str, str], sentence: str
) -> None:
    business = make.business(zone="Europe/Berlin")
    _person, client = own(business)

    refused = take(client, business, title="Typed by me", **typed)

    assert refused.status_code == 422
    assert sentence in text(refused)
    assert 'value="Typed by me"' in text(refused)
    for value in typed.values():
        assert f'value="{value}"' in text(refused) or not value
    assert not TimeOff.objects.exists()


def test_nobody_is_away_who_was_not_chosen() -> None:
    business = make.business()
    make.staff(business)

    refused = take(scheduler(business), business)

    assert refused.status_code == 422
    assert "Please choose who is away." in text(refused)


def test_appointments_in_the_way_are_shown_before_and_after_with_a_way_to_move_each() -> None:
    business = make.business()
    person, other = make.staff(business), make.staff(business)
    service = make.service(business, by=[person], name="Cut")
    met = make.booking(service, starts_at=at("10:30"), contact=make.contact(name="Jo Doe"))
    make.booking(service, starts_at=at("15:00"), contact=make.contact(name="Later On"))
    make.booking(make.service(business, by=[other]), contact=make.contact(name="Other One"))
    client = scheduler(business)

    preview = take(client, business, person, check="1")
    assert preview.status_code == 200
    assert not TimeOff.objects.exists()
    saved = told(client, take(client, business, person))

    assert "One appointment is in the way: see below." in saved
    for page in (text(preview), saved, text(client.get(page_of(business)))):
        assert "Tue 4 Mar, 10:30 – 11:00" in page
        assert "Jo Doe" in page
        assert f"/appointments/{met.appointment.public_id}/move/" in page
        assert "Later On" not in page
        assert "Other One" not in page
    met.refresh_from_db()
    assert met.state == "confirmed"


def test_a_preview_of_half_a_form_says_nothing() -> None:
    business = make.business()

    answer = take(scheduler(business), business, check="1", from_day="")

    assert answer.status_code == 200
    assert "are booked then" not in text(answer)


def test_a_closure_shows_a_team_member_their_own_appointments_alone() -> None:
    business = make.business()
    person, client = own(business)
    mine = make.service(business, by=[person], name="Mine")
    theirs = make.service(business, by=[make.staff(business)], name="Theirs")
    make.booking(mine, contact=make.contact(name="My Guest"))
    make.booking(theirs, contact=make.contact(name="Their Guest"))
    take(scheduler(business), business, closed="1")

    page = text(client.get(page_of(business)))

    assert "My Guest" in page
    assert "Their" not in page
    assert "Change" not in page, "a closure is not theirs to change"


def test_a_time_off_is_changed_and_cancelled() -> None:
    business = make.business(zone="Europe/Berlin")
    person, client = own(business)
    take(client, business)
    row = TimeOff.objects.get()
    page = page_of(business, f"{row.public_id}/")

    shown = text(client.get(page))
    for value in ("2031-03-04", "10:00", "12:00", "Dentist"):
        assert f'value="{value}"' in shown
    changed = {"from_day": "2031-03-05", "all_day": "on", "title": "Holiday"}
    told(client, client.post(page, changed))
    row.refresh_from_db()
    assert (row.starts_at, row.ends_at, row.title) == (at("23:00"), at("23:00", days=2), "Holiday")
    again = text(client.get(page))
    assert again.count('value="2031-03-05"') == 2
    assert "The time off is cancelled" in told(client, client.post(f"{page}cancel/"))
    assert not TimeOff.objects.exists()
    assert client.post(f"{page}cancel/").status_code == 404
    assert person.times_off.count() == 0


def test_two_tabs_do_not_overwrite_each_other() -> None:
    business = make.business()
    _person, client = own(business)
    take(client, business)
    row = TimeOff.objects.get()
    page = page_of(business, f"{row.public_id}/")
    seen = client.get(page).context["seen"]
    sent = {"from_day": "2031-03-05", "from_time": "10:00", "until_time": "11:00", "title": "B"}
    told(client, client.post(page, {**sent, "seen": seen}))

    lost = client.post(page, {**sent, "title": "Kept as typed", "seen": seen})

    assert lost.status_code == 409
    assert "This has been changed meanwhile by" in text(lost)
    assert 'value="Kept as typed"' in text(lost)
    row.refresh_from_db()
    assert row.title == "B"
    assert client.post(page, {**sent, "seen": "forged"}).status_code == 422


def test_a_team_member_reaches_only_their_own_time_off() -> None:
    business = make.business()
    person, client = own(business)
    other, room = make.staff(business), make.room(business)
    take(scheduler(business), business, other, title="Secret surgery")
    row = TimeOff.objects.get()
    page = page_of(business, f"{row.public_id}/")

    assert "Secret surgery" not in text(client.get(page_of(business)))
    assert client.get(page).status_code == 404
    assert client.post(page, {"from_day": "2031-03-09", "all_day": "on"}).status_code == 404
    assert client.post(f"{page}cancel/").status_code == 404
    for who in ([other], [room], [person, other], [make.staff(make.business())]):
        assert take(client, business, *who).status_code == 404
    assert take(client, business, closed="1").status_code == 403
    assert TimeOff.objects.get() == row


def test_whoever_is_linked_to_nobody_cannot_close_the_business_by_leaving_the_form_empty() -> None:
    business = make.business()
    client = signed_in(make.member(business, "team_member"))

    answer = take(client, business)

    assert "Ask an admin to link you" in text(answer)
    assert not TimeOff.objects.exists()


@pytest.mark.parametrize("role", ["viewer", "guest"])
def test_others_have_no_time_off_to_enter(role: str) -> None:
    business = make.business()
    user = make.member(business, role)
    client = signed_in(user)
    make.staff(business, user=user)

    assert client.get(page_of(business)).status_code == 403
    assert take(client, business).status_code == 403
    assert not TimeOff.objects.exists()


def test_rows_and_people_of_another_business_are_not_there() -> None:
    business, elsewhere = make.business(), make.business()
    client, stranger = scheduler(business), make.staff(elsewhere)
    take(scheduler(elsewhere), elsewhere, stranger, title="Elsewhere")
    row = TimeOff.objects.get()

    assert take(client, business, stranger).status_code == 404
    assert take(client, business, make.staff(business), staff=["1"]).status_code == 404
    for path in (f"{row.public_id}/", f"{row.public_id}/cancel/"):
        assert client.post(page_of(business, path), {}).status_code == 404
    assert client.get(page_of(elsewhere)).status_code == 404
    assert "Elsewhere" not in text(client.get(page_of(business)))
    assert TimeOff.objects.get() == row


def test_what_is_over_is_kept_under_earlier() -> None:
    business = make.business()
    client = scheduler(business)
    TimeOff.objects.create(
        business=business,
        starts_at=at("09:00", days=-3),
        ends_at=at("10:00", days=-3),
        title="Past",
    )

    assert "Past" not in text(client.get(page_of(business)))
    assert "Past" in text(client.get(page_of(business), {"earlier": "1"}))


@pytest.mark.parametrize("many", [1, 3])
def test_the_list_costs_a_constant_number_of_queries(
    django_assert_num_queries: DjangoAssertNumQueries, many: int
) -> None:
    business = make.business()
    client = scheduler(business)
    for _ in range(many):
        person = make.staff(business)
        make.booking(make.service(business, by=[person]), starts_at=at("10:30"))
        commands.take_time_off(
            business=business,
            resources=[person],
            starts_at=at("10:00"),
            ends_at=at("12:00"),
            now=NOW,
        )

    with django_assert_num_queries(12):
        client.get(page_of(business))
