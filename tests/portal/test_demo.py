"""The sign-ins of the trial portal."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.test import Client

from accounts.models import User
from bookings.models import Membership, Resource
from portal import demo


@pytest.mark.django_db
def test_the_demo_business_has_a_member_of_every_role_once() -> None:
    demo.make_members()
    assert not User.objects.exists(), "there is no demo business yet"
    call_command("demo")

    demo.make_administrator()
    demo.make_members()
    demo.make_members()

    roles = Membership.objects.order_by("pk").values_list("user__email", "role")
    assert list(roles) == [(each.email, each.role.value) for each in demo.ACCOUNTS]
    amira = Resource.objects.get(name="Amira Haddad")
    assert amira.user == User.objects.get(email="amira@linden.example")
    client = Client()
    assert client.login(email="amira@linden.example", password=demo.password())
    assert client.get("/desk/linden-studio/people/").status_code == 200
    assert client.get("/desk/linden-studio/people/invite/").status_code == 403
