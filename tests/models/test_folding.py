"""Names without capitals and accents: Python and the database make the same of them."""

from __future__ import annotations

import doctest

import pytest

from bookings.models import Customer, folding
from tests import make


def test_worked_cases_hold() -> None:
    assert doctest.testmod(folding).failed == 0


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["Émile", "ZIELIŃSKI Żółć", "Yıldız Ağaoğlu", "Ærø Straße", "Łukasz Đorđević", "李 Ann"]
)
def test_the_database_folds_as_we_do(name: str) -> None:
    business = make.business()

    made = Customer.objects.create(business=business, name=name, email="A@example.org", phone="1")

    made.refresh_from_db()
    assert made.said == folding.folded(f"{name} A@example.org 1")
