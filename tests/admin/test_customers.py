"""Customers in the admin: nobody is deleted here, and who is erased is not there."""

from __future__ import annotations

import pytest
from django.test import Client

from bookings import commands
from bookings.commands import Actor
from bookings.models import Customer
from tests import make
from tests.admin import browse

pytestmark = pytest.mark.django_db


def test_a_customer_is_not_deleted_but_erased_and_then_not_there(office: Client) -> None:
    row = Customer.objects.create(business=make.business(), name="Ann Lee")
    page = browse.change(row)

    assert office.get(page).status_code == 200
    assert office.post(page.replace("change", "delete"), {"post": "yes"}).status_code == 403
    commands.erase_customer(customer=row, now=make.NOW, actor=Actor("staff", "Mia"))

    assert Customer.objects.get().name == "(erased)"
    assert office.get(page).status_code == 302
    assert "(erased)" not in office.get("/admin/bookings/customer/").content.decode()
