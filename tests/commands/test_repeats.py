"""The same order twice, at the very same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from bookings.models import Booking
from tests import make


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("capacity", [1, 8])
def test_repeats_with_one_key_all_get_the_same_booking(capacity):
    service = make.service(capacity=capacity)
    contact = make.contact()
    line = Barrier(8)

    def order(_: int) -> int:
        try:
            line.wait()
            return make.booking(service, key="once", contact=contact).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        booked = set(pool.map(order, range(8)))

    assert booked == {Booking.objects.get().pk}
