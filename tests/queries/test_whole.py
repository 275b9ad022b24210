"""Rows out of written statements are those that Django finds."""

from __future__ import annotations

import pytest
from django.db import connection

from bookings.models import Appointment, Booking, Business, Event, Service
from bookings.queries.whole import Whole
from tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", [Appointment, Booking, Business, Service])
def test_a_row_has_all_that_django_would_find(model):
    make.booking(make.service(make.business()), starts_at=make.at("09:00"))
    whole = Whole(model)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {whole.columns('it')} FROM {model._meta.db_table} it")
        values = cursor.fetchone()
    found = whole.row(values)

    known = model.objects.get()
    assert found == known
    assert {name: vars(found)[name] for name in vars(known) if name != "_state"} == {
        name: value for name, value in vars(known).items() if name != "_state"
    }
    assert whole.width == len(values)
    assert not found._state.adding


def test_a_model_whose_values_are_translated_is_refused():
    with pytest.raises(AssertionError, match="translated"):
        Whole(Event)
