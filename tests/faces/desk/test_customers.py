"""The customers' pages of the desk: who is found, what is shown, and to whom."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookings.models import Business, Customer
from tests import make
from tests.faces.desk.desking import signed_in

pytestmark = pytest.mark.django_db


def desk(of: Business, role: str = "admin") -> Client:
    """Return a browser in which somebody with that role has signed in."""
    return signed_in(make.member(of, role))


def at_desk(of: Business, path: str = "") -> str:
    """Return the address of a page about customers."""
    return f"/desk/{of.slug}/customers/{path}"


def customer(of: Business, name: str, **fields: object) -> Customer:
    return Customer.objects.create(business=of, name=name, **fields)


def names(page: object) -> list[str]:
    return [row.customer.name for row in page.context["page"].rows]  # type: ignore[attr-defined]


def queries(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)


class TestTheList:
    def test_customers_are_listed_by_name_and_found_by_what_is_typed(self) -> None:
        business = make.business()
        service = make.service(business)
        customer(business, "zoe Ärmel", phone="+49 171 5550-123")
        customer(business, "Bob", email="bob.builder@example.org")
        customer(make.business(), "Anna of elsewhere")
        ann = make.booking(service, contact=make.contact(name="Ann Lee")).reference
        office = desk(business)

        def found(text: str) -> list[str]:
            return names(office.get(at_desk(business), {"q": text}))

        customer(business, "Émile Żółć")
        assert found("") == ["Ann Lee", "Bob", "Émile Żółć", "zoe Ärmel"]
        assert found("emile") == found("ZOLC") == found("émile żó") == ["Émile Żółć"]
        assert found("lee ann") == ["Ann Lee"]
        assert found("ÄRM") == ["zoe Ärmel"]
        assert found("builder@") == ["Bob"]
        assert found("0171 / 5550") == ["zoe Ärmel"]
        assert found(ann[:7].lower()) == found(ann.replace("-", "")) == ["Ann Lee"]
        assert found("%") == found("_") == found("elsewhere") == []
        assert found("an\0n") == ["Ann Lee"]

    def test_pages_turn_both_ways_and_keep_what_was_searched(self) -> None:
        business = make.business()
        wanted = [f"Same {number:03}" for number in range(120)]
        for name in wanted:
            customer(business, name)
        customer(business, "Other")
        office = desk(business)

        first = office.get(at_desk(business), {"q": "same"})
        second = office.get(at_desk(business), {"q": "same", "after": first.context["page"].after})
        last = office.get(at_desk(business), {"q": "same", "after": second.context["page"].after})
        again = office.get(at_desk(business), {"q": "same", "before": last.context["page"].before})
        start = office.get(at_desk(business), {"q": "same", "before": again.context["page"].before})

        assert names(first) + names(second) + names(last) == wanted
        assert names(again) == names(second)
        assert names(start) == names(first)
        assert f"?q=same&amp;after={first.context['page'].after}" in first.content.decode()
        assert (first.context["page"].before, last.context["page"].after) == (None, None)

    def test_equal_names_lose_nobody_between_pages(self) -> None:
        business = make.business()
        for number in range(60):
            customer(business, "Jo", email=f"jo{number}@example.org")
        office = desk(business)

        first = office.get(at_desk(business)).context["page"]
        rest = office.get(at_desk(business), {"after": first.after}).context["page"]

        seen = {row.customer.pk for row in (*first.rows, *rest.rows)}
        assert len(seen) == 60

    @pytest.mark.parametrize("edge", ["x", "6f2a1c9e-0000-4000-8000-000000000000"])
    def test_an_edge_that_is_not_there_is_the_first_page(self, edge: str) -> None:
        business = make.business()
        customer(business, "Ann")

        assert names(desk(business).get(at_desk(business), {"after": edge})) == ["Ann"]

    def test_a_team_member_finds_only_customers_of_their_own_bookings(self) -> None:
        business = make.business()
        user = make.member(business, "team_member")
        mine, other = make.staff(business, user=user), make.staff(business)
        service = make.service(business, by=[mine, other])
        own = make.booking(service, staff=mine, contact=make.contact(name="Own Guest"))
        foreign = make.booking(service, staff=other, contact=make.contact(name="Other Guest"))
        client = signed_in(user)

        page = client.get(at_desk(business))
        by_reference = client.get(at_desk(business), {"q": foreign.reference})
        suggested = client.get(at_desk(business, "suggest/"), {"q": "guest"})

        assert names(page) == ["Own Guest"]
        assert names(by_reference) == []
        assert "Other" not in suggested.content.decode()
        assert str(own.customer.public_id) in suggested.content.decode()

    def test_the_list_takes_as_many_queries_for_fifty_as_for_one(self) -> None:
        business = make.business()
        office = desk(business)
        customer(business, "Ann")
        one = queries(lambda: office.get(at_desk(business)))
        for number in range(60):
            customer(business, f"Bob {number}")

        assert queries(lambda: office.get(at_desk(business))) == one


class TestSuggestions:
    def test_at_most_ten_are_suggested_with_what_tells_them_apart(self) -> None:
        business = make.business()
        for number in range(12):
            customer(business, f"Ann {number:02}", email=f"ann{number}@example.org", phone="030 12")
        said = desk(business).get(at_desk(business, "suggest/"), {"q": "ann"}).content.decode()

        assert said.count('name="customer"') == 10
        assert "ann0@example.org" in said
        assert "030 12" in said
        assert "<html" not in said

    def test_nothing_typed_suggests_nobody_and_nobody_found_is_said(self) -> None:
        business = make.business()
        customer(business, "Ann")
        office = desk(business)

        assert office.get(at_desk(business, "suggest/")).content.decode().strip() == ""
        said = office.get(at_desk(business, "suggest/"), {"q": "zoe"}).content.decode()
        assert "No customer matches." in said

    def test_hostile_names_are_harmless(self) -> None:
        business = make.business()
        customer(business, '"><script>alert(1)</script>')

        for path in ("", "suggest/"):
            said = desk(business).get(at_desk(business, path), {"q": "script"}).content.decode()
            assert "<script>alert" not in said
            assert "&lt;script&gt;alert" in said
