"""The same order twice, at the very same moment."""

from __future__ import annotations

import pytest

from bookings.models import Booking
from tests import make
from tests.at_once import at_once


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("capacity", [1, 8])
def test_repeats_with_one_key_all_get_the_same_booking(capacity):
    service = make.service(capacity=capacity)
    contact = make.contact()

    def order() -> int:
        return make.booking(service, key="once", contact=contact).pk

    booked = set(at_once(*[order] * 8))

    assert booked == {Booking.objects.get().pk}
