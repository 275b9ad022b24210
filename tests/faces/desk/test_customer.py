"""One customer on the desk: shown, added, corrected, noted, and kept from who may not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookings import commands
from bookings.commands import Actor
from bookings.models import Booking, Business, Customer, Event
from tests import make
from tests.faces.desk.desking import signed_in
from tests.make import NOW, at

pytestmark = pytest.mark.django_db
DESK = Actor("staff", "Mia")


def desk(of: Business, role: str = "admin") -> Client:
    """Return a browser in which somebody with that role has signed in."""
    return signed_in(make.member(of, role, name="Tom Hale"))


def address(row: Customer, part: str = "") -> str:
    return f"/desk/{row.business.slug}/customers/{row.public_id}/{part}"


def customer(of: Business | None = None, **fields: object) -> Customer:
    values = {"name": "Ann Lee", "email": "ann@example.org", "phone": "030 1234", "notes": "tea"}
    return Customer.objects.create(business=of or make.business(), **values | fields)


def form(row: Customer, **typed: str) -> dict[str, str]:
    """Return what a browser sends of the form, as opened now, after that was typed into it."""
    shown = {name: getattr(row, name) for name in ("name", "email", "phone", "zone", "notes")}
    return shown | typed | {f"was-{name}": value for name, value in shown.items()}


def state(row: Customer) -> dict[str, Any]:
    return Customer.objects.filter(pk=row.pk).values().get()


class TestThePage:
    def test_what_is_known_is_shown_by_what_is_coming_and_what_was(self) -> None:
        service = make.service(name="Cut")
        contact = make.contact(name="Ann Lee", email="ann@example.org")
        coming = make.booking(service, starts_at=at("10:00"), contact=contact)
        gone = make.booking(service, starts_at=at("11:00"), contact=contact)
        commands.cancel_booking(booking=gone, reason="rain", now=NOW)
        held = commands.hold(service=service, starts_at=at("12:00"), now=NOW)
        past = make.booking(service, starts_at=at("09:00", days=0), contact=contact)
        Booking.objects.filter(pk=past.pk).update(no_show_at=NOW)
        past.appointment.starts_at = at("09:00", days=-3)
        past.appointment.ends_at = at("09:30", days=-3)
        past.appointment.save(update_fields=["starts_at", "ends_at"])
        assert coming.customer

        page = desk(service.business).get(address(coming.customer))

        assert [row.booking for row in page.context["coming"]] == [coming]
        assert [(row.booking, str(row.badge.text)) for row in page.context["past"]] == [
            (gone, "cancelled"),
            (past, "did not come"),
        ]
        totals = page.context["totals"]
        assert (totals.bookings, totals.cancellations, totals.no_shows) == (3, 1, 1)
        said = page.content.decode()
        assert "rain" in said
        assert "mailto:ann@example.org" in said
        assert held.booking.reference not in said

    def test_the_past_has_pages(self) -> None:
        service = make.service()
        booking = make.booking(service)
        assert booking.customer
        commands.cancel_booking(booking=booking, now=NOW)
        Booking.objects.bulk_create(
            Booking(
                reference=f"R{number}",
                business=service.business,
                appointment=booking.appointment,
                customer=booking.customer,
                state="cancelled",
                created_at=NOW,
            )
            for number in range(60)
        )
        office = desk(service.business)

        first = office.get(address(booking.customer))
        second = office.get(address(booking.customer), {"page": "2"})

        assert (len(first.context["past"]), len(second.context["past"])) == (50, 11)
        assert "?page=2" in first.content.decode()
        for number in ("0", "-1", "x", "²", "99999999999999999999"):
            assert office.get(address(booking.customer), {"page": number}).context["number"] == 1

    def test_it_takes_as_many_queries_for_many_bookings_as_for_one(self) -> None:
        service = make.service()
        contact = make.contact(email="ann@example.org")
        one = make.booking(service, contact=contact).customer
        assert one
        office = desk(service.business)

        def queries() -> int:
            with CaptureQueriesContext(connection) as captured:
                office.get(address(one))
            return len(captured)

        queries()  # the first visit of a session asks more
        before = queries()
        for number in range(12):
            make.booking(service, starts_at=at("10:00", days=2 + number), contact=contact)
        assert queries() == before

    def test_the_way_to_a_new_appointment_knows_the_customer(self) -> None:
        row = make.booking(contact=make.contact(name="Ann Lee")).customer
        assert row
        office = desk(row.business)
        way = f"/desk/{row.business.slug}/new/?customer={row.public_id}"

        assert f'href="{way}"' in office.get(address(row)).content.decode()
        assert 'value="Ann Lee"' in office.get(way).content.decode()

    def test_hostile_text_is_shown_as_text(self) -> None:
        hostile = "</textarea><script>alert(1)</script>"
        row = customer(name=f"Ann {hostile}", notes=hostile, phone=hostile[:40])

        said = desk(row.business).get(address(row)).content.decode()

        assert "<script>alert" not in said
        assert said.count("</textarea>") == 1

    def test_whoever_may_only_look_finds_nothing_to_change(self) -> None:
        row = customer()

        said = desk(row.business, "viewer").get(address(row)).content.decode()

        assert "tea" in said
        for part in ("edit", "merge", "export", "erase", "notes"):
            assert address(row, f"{part}/") not in said
        assert "?customer=" not in said

    def test_a_team_member_sees_only_what_is_their_own(self) -> None:
        business = make.business()
        user = make.member(business, "team_member")
        mine, other = make.staff(business, user=user), make.staff(business)
        service = make.service(business, by=[mine, other])
        contact = make.contact(name="Ann Lee", email="ann@example.org")
        own = make.booking(service, staff=mine, contact=contact)
        foreign = make.booking(service, staff=other, starts_at=at("11:00"), contact=contact)
        stranger = make.booking(service, staff=other, starts_at=at("12:00")).customer
        assert own.customer
        assert stranger
        client = signed_in(user)

        page = client.get(address(own.customer))

        assert [row.booking for row in page.context["coming"]] == [own]
        assert page.context["totals"].bookings == 1
        assert foreign.reference not in page.content.decode()
        assert client.get(address(stranger)).status_code == 404
        assert client.post(address(stranger, "notes/"), {"notes": "x"}).status_code == 404
        noted = client.post(address(own.customer, "notes/"), {"notes": "x", "was-notes": ""})
        assert noted.status_code == 303
        assert state(own.customer)["notes"] == "x"


class TestAdding:
    def test_a_customer_is_added_and_what_else_is_sent_is_ignored(self) -> None:
        business, other = make.business(), make.business()
        typed = {"name": " Ann\x07\u202e Lee ", "email": "ann@example.org", "zone": "Europe/Berlin"}
        more = {"business": other.pk, "public_id": str(uuid4()), "erased_at": "2031-01-01", "id": 7}

        answer = desk(business).post(f"/desk/{business.slug}/customers/new/", typed | more)

        made = Customer.objects.get()
        assert (made.business, made.name, made.zone) == (business, "Ann Lee", "Europe/Berlin")
        assert (made.erased_at, str(made.public_id) == more["public_id"]) == (None, False)
        assert (answer.status_code, answer["Location"]) == (303, address(made))

    def test_what_is_refused_is_said_and_what_was_typed_stays(self) -> None:
        taken = customer()
        typed = {"name": "x" * 201, "email": "ANN@example.org", "phone": "1", "notes": "tea & milk"}

        answer = desk(taken.business).post(f"/desk/{taken.business.slug}/customers/new/", typed)

        said = answer.content.decode()
        assert answer.status_code == 422
        assert "This name is too long: 200 characters at most." in said
        assert "This does not look like a phone number." in said
        assert "tea &amp; milk" in said
        assert Customer.objects.count() == 1

    def test_who_reaches_only_their_own_adds_nobody(self) -> None:
        business = make.business()
        client = desk(business, "team_member")

        assert client.get(f"/desk/{business.slug}/customers/new/").status_code == 403
        answer = client.post(f"/desk/{business.slug}/customers/new/", {"name": "Ann"})

        assert answer.status_code == 403
        assert not Customer.objects.exists()
        assert "/customers/new/" not in client.get(f"/desk/{business.slug}/customers/").text


class TestCorrecting:
    def test_what_was_typed_is_written_and_what_else_is_sent_is_ignored(self) -> None:
        row, other = customer(), make.business()
        more = {"business": str(other.pk), "erased_at": "2031-01-01", "opted_out_at": "2031-01-01"}

        answer = desk(row.business).post(
            address(row, "edit/"), form(row, name="Anna", notes="milk") | more
        )

        assert (answer.status_code, answer["Location"]) == (303, address(row))
        row.refresh_from_db()
        assert (row.name, row.notes, row.email) == ("Anna", "milk", "ann@example.org")
        assert (row.business_id == other.pk, row.erased_at, row.opted_out_at) == (False, None, None)
        assert Event.objects.get().actor == "staff:Tom Hale"

    def test_staff_choose_the_language_of_the_letters_to_come(self) -> None:
        service = make.service()
        row = customer(service.business)
        browser = desk(row.business)
        shown = browser.get(address(row, "edit/")).content.decode()

        browser.post(address(row, "edit/"), form(row) | {"language": "de", "was-language": ""})

        assert '<option value="" selected>Not known (English)</option>' in shown
        assert state(row)["language"] == "de"
        assert "Gets letters in German" in browser.get(address(row)).content.decode()
        assert "changed: language" in browser.get(address(row)).content.decode()

    def test_a_language_that_nobody_writes_is_refused_and_an_old_one_stays(self) -> None:
        row = customer(language="ar")
        browser = desk(row.business)

        shown = browser.get(address(row, "edit/")).content.decode()
        wrong = browser.post(
            address(row, "edit/"), form(row) | {"language": "xx", "was-language": "ar"}
        )
        other = browser.post(
            address(row, "edit/"), form(row, name="Anna") | {"language": "ar", "was-language": "ar"}
        )

        assert '<option value="ar" selected>ar</option>' in shown
        assert (wrong.status_code, other.status_code) == (422, 303)
        assert "This language is not installed." in wrong.content.decode()
        assert (state(row)["name"], state(row)["language"]) == ("Anna", "ar")

    def test_a_refused_change_changes_nothing(self) -> None:
        row = customer()
        before = state(row)

        answer = desk(row.business).post(
            address(row, "edit/"), form(row, name="", email="nobody", zone="Mars")
        )

        assert answer.status_code == 422
        assert state(row) == before
        for sentence in ("Please give a name.", "This time zone is not known."):
            assert sentence in answer.content.decode()

    def test_in_two_tabs_the_second_learns_of_the_first_and_may_then_insist(self) -> None:
        row = customer()
        office, colleague = desk(row.business), desk(row.business, "scheduler")
        first, second = form(row, phone="030 1111"), form(row, phone="030 2222", name="Anna")
        colleague.post(address(row, "edit/"), first)

        answer = office.post(address(row, "edit/"), second)

        said = answer.content.decode()
        assert answer.status_code == 409
        assert "This has been changed meanwhile by Tom Hale." in said
        assert 'value="030 2222"' in said
        assert 'name="was-phone" value="030 1111"' in said
        assert state(row)["phone"] == "030 1111"
        row.refresh_from_db()
        assert office.post(address(row, "edit/"), form(row, phone="030 2222")).status_code == 303
        assert state(row)["phone"] == "030 2222"

    def test_staff_see_and_set_who_wants_no_reminders(self) -> None:
        row = customer()
        browser = desk(row.business, "scheduler")

        before = browser.get(address(row)).content.decode()
        out = browser.post(address(row, "reminders/"), follow=True).content.decode()
        was_out = state(row)["opted_out_at"] is not None
        back = browser.post(address(row, "reminders/"), {"reminders": "on"}, follow=True)

        assert "Send no more reminders" in before
        assert "No reminders since" in out
        assert "Send reminders again" in out
        assert "Send no more reminders" in back.content.decode()
        assert (was_out, state(row)["opted_out_at"]) == (True, None)
        told = Event.objects.filter(kind__startswith="customer.opted").order_by("pk")
        assert list(told.values_list("kind", "actor")) == [
            ("customer.opted_out", "staff:Tom Hale"),
            ("customer.opted_in", "staff:Tom Hale"),
        ]

    def test_who_only_looks_sees_it_and_cannot_set_it(self) -> None:
        row = customer(opted_out_at=NOW)
        page = desk(row.business, "viewer").get(address(row)).content.decode()

        assert "No reminders since" in page
        assert "Send reminders again" not in page

    def test_notes_are_written_in_place_and_an_older_look_overwrites_nothing(self) -> None:
        row = customer()
        office = desk(row.business)
        page = office.get(address(row)).content.decode()
        assert 'name="was-notes" value="tea"' in page

        saved = office.post(address(row, "notes/"), {"notes": "milk\r\nand", "was-notes": "tea"})
        stale = office.post(address(row, "notes/"), {"notes": "water", "was-notes": "tea"})

        assert (saved.status_code, stale.status_code) == (303, 409)
        assert state(row)["notes"] == "milk\nand"
        said = stale.content.decode()
        assert "water</textarea>" in said
        assert "milk\nand" in said

    def test_a_page_that_does_not_say_what_it_showed_overwrites_nothing(self) -> None:
        row = customer()

        answer = desk(row.business).post(address(row, "notes/"), {"notes": "water"})

        assert answer.status_code == 409
        assert state(row)["notes"] == "tea"


PARTS: list[tuple[str, str]] = [
    ("get", ""),
    ("post", "notes/"),
    ("get", "edit/"),
    ("post", "edit/"),
    ("get", "merge/"),
    ("post", "merge/"),
    ("post", "export/"),
    ("get", "erase/"),
    ("post", "erase/"),
]
FIELDS = {"name": "Eve", "notes": "x", "was-notes": "tea", "was-name": "Ann Lee", "sure": "on"}


def reach(client: Client, method: str, path: str, **more: str) -> Any:
    act: Callable[..., Any] = getattr(client, method)
    return act(path, FIELDS | more)


class TestOutOfReach:
    @pytest.mark.parametrize(("method", "part"), PARTS)
    def test_an_id_of_another_business_is_not_there(self, method: str, part: str) -> None:
        stranger, own = customer(), customer(name="Own")
        before = (state(stranger), state(own))
        path = f"/desk/{own.business.slug}/customers/{stranger.public_id}/{part}"

        answer = reach(desk(own.business), method, path, other=str(own.public_id))

        assert answer.status_code == 404
        assert (state(stranger), state(own)) == before
        assert "Ann Lee" not in answer.content.decode()

    @pytest.mark.parametrize(("method", "part"), PARTS)
    def test_somebody_elses_desk_is_not_there(self, method: str, part: str) -> None:
        row = customer()

        answer = reach(desk(make.business()), method, address(row, part))

        assert answer.status_code == 404
        assert not Event.objects.exists()

    @pytest.mark.parametrize(
        ("role", "allowed"),
        [
            ("admin", PARTS),
            ("scheduler", PARTS[:4]),
            ("viewer", PARTS[:1]),
            ("guest", []),
        ],
    )
    def test_each_role_gets_as_far_as_it_may(
        self, role: str, allowed: list[tuple[str, str]]
    ) -> None:
        for method, part in PARTS:
            row = customer(make.business())
            before = state(row)

            answer = reach(desk(row.business, role), method, address(row, part))

            if (method, part) in allowed:
                assert answer.status_code in (200, 303), (role, method, part)
            else:
                assert answer.status_code == 403, (role, method, part)
                assert state(row) == before
                assert "ann@example.org" not in answer.content.decode()

    def test_who_is_erased_is_not_there_any_more(self) -> None:
        row = customer()
        commands.erase_customer(customer=row, now=NOW, actor=DESK)
        office = desk(row.business)

        for method, part in PARTS:
            assert reach(office, method, address(row, part)).status_code == 404
        assert "(erased)" not in office.get(f"/desk/{row.business.slug}/customers/").text
