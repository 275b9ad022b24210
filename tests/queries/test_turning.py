"""Turning the pages of long lists."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest
from django.db.models import QuerySet

from bookings.models import Customer
from bookings.queries.turning import Order, Page, Turn, turned
from tests import make

pytestmark = pytest.mark.django_db

ORDERS: list[Order] = [("said", "pk"), ("-said", "-pk"), ("-pk",), ("-language", "said", "pk")]


@pytest.fixture
def rows() -> QuerySet[Customer]:
    """Return seven customers of whom some have the same name, and some the same language."""
    business = make.business()
    for name, language in zip("acbbbca", ["de", "en", "en", "de", "en", "en", "de"], strict=True):
        Customer.objects.create(business=business, name=name, language=language)
    return Customer.objects.order_by("name")


def page(rows: QuerySet[Customer], order: Order, turn: Turn) -> Page[Customer]:
    return turned(rows, turn, order=order, among=Customer.objects.all())


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("size", [1, 2, 3, 7, 8])
def test_turning_there_and_back_shows_every_row_once_in_its_order(
    rows: QuerySet[Customer], order: Order, size: int
) -> None:
    there = [page(rows, order, Turn(size))]
    while (after := there[-1].after) is not None:
        there.append(page(rows, order, Turn(size, after=after)))
    back = [there[-1]]
    while (before := back[-1].before) is not None:
        back.append(page(rows, order, Turn(size, before=before)))

    assert [row for part in there for row in part.rows] == list(rows.order_by(*order))
    assert back == there[::-1]


def test_a_row_that_nobody_can_have_seen_leads_to_the_first_part(rows: QuerySet[Customer]) -> None:
    first = page(rows, ("pk",), Turn(2))
    lost = replace(first, is_lost=True)

    assert not first.is_lost
    assert page(rows, ("pk",), Turn(2, after=uuid.uuid4())) == lost
    assert page(rows, ("pk",), Turn(2, before=uuid.uuid4())) == lost


def test_one_can_turn_from_a_row_that_is_not_in_the_list_any_more(
    rows: QuerySet[Customer],
) -> None:
    seen = rows.filter(name="b").order_by("pk")[1]
    others = rows.exclude(name="b")

    after = page(others, ("said", "pk"), Turn(5, after=seen.public_id))
    before = page(others, ("said", "pk"), Turn(5, before=seen.public_id))

    assert [row.name for row in after.rows] == ["c", "c"]
    assert [row.name for row in before.rows] == ["a", "a"]


def test_an_empty_list_leads_nowhere(rows: QuerySet[Customer]) -> None:
    assert page(rows.none(), ("pk",), Turn(5)) == Page([])


def test_a_part_costs_two_queries_at_most(
    rows: QuerySet[Customer], django_assert_num_queries
) -> None:
    with django_assert_num_queries(1):
        first = page(rows, ("said", "pk"), Turn(2))
    with django_assert_num_queries(2):
        page(rows, ("said", "pk"), Turn(2, after=first.after))
