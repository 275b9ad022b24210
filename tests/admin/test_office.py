"""The admin is one place: grouped by the work, strict about scripts, for staff only."""

from __future__ import annotations

import re

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.test import Client

from accounts.models import User
from bookings.models import (
    CatalogueVersion,
    Claim,
    Customer,
    ManageLink,
    Membership,
    Message,
    Question,
    ResourceVersion,
    TimeOff,
)
from tests import make

HOSTILE = "Zoë\u202e =1+1\n<script>alert(1)</script> {{ 7|add:1 }} {% now 'Y' %}"


def pages() -> list[str]:
    """Return a page of every kind, with one row of everything, told by a hostile customer."""
    service = make.service()
    question = make.question(service)
    booking = make.booking(
        service,
        contact=make.contact(name=HOSTILE, notes=HOSTILE),
        answers={str(question.public_id): HOSTILE},
    )
    booking.name = booking.notes = booking.cancel_reason = HOSTILE
    booking.save()
    booking.answers.update(value=HOSTILE, asked=HOSTILE)
    Customer.objects.update(name=HOSTILE, notes=HOSTILE)
    Message.objects.update(error=HOSTILE)
    TimeOff.objects.create(
        business=service.business, starts_at=make.at("10:00"), ends_at=make.at("12:00")
    )
    rows = [
        service.business,
        service,
        service.resources.get(),
        question,
        Customer.objects.get(),
        TimeOff.objects.get(),
        booking.appointment,
        booking,
        booking.events.get(),
        Message.objects.filter(audience="customer").get(),
    ]
    found = ["/admin/"]
    for row in rows:
        name = type(row).__name__.lower()
        found += [f"/admin/bookings/{name}/", f"/admin/bookings/{name}/{row.pk}/change/"]
        if name in ("business", "service", "resource", "question", "customer", "timeoff"):
            found += [f"/admin/bookings/{name}/add/", f"/admin/bookings/{name}/{row.pk}/delete/"]
    return found


def test_no_page_has_a_script_or_a_style_of_its_own(office: Client) -> None:
    for address in pages():
        page = office.get(address)
        html = page.content.decode()
        assert "default-src 'self'" in page.headers["Content-Security-Policy"]
        assert "unsafe" not in page.headers["Content-Security-Policy"]
        for tag in re.findall(r"<script[^>]*>", html):
            assert " src=" in tag or "application/json" in tag, address
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", html), address


def test_what_customers_wrote_comes_out_harmless_on_every_page(office: Client) -> None:
    addresses = pages()
    for address in addresses:
        html = office.get(address).content.decode()
        assert "<script>alert" not in html, address
        assert "{{ 7|add:1 }}" in html or "7|add" not in html, address
    booking_page = next(each for each in addresses if re.search(r"/booking/\d+/change/", each))
    shown = office.get(booking_page).content.decode()
    assert "=1+1<" in shown.replace(" <", "<")
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7|add:1 }}" in shown


@pytest.mark.parametrize("name", ["booking", "customer", "appointment"])
def test_no_list_lets_a_customer_turn_its_writing_round(office: Client, name: str) -> None:
    pages()

    html = office.get(f"/admin/bookings/{name}/").content.decode()

    assert "\u202e" not in re.sub(r'aria-label="[^"]*"', "", html)


def test_text_typed_in_the_admin_is_cleaned(office: Client) -> None:
    business = make.business()
    office.post(
        "/admin/bookings/question/add/",
        {
            "business": business.pk,
            "text": "Which\u202e\r\n colour?\x07",
            "kind": "short_text",
            "choices": "",
            "asked_by-TOTAL_FORMS": 0,
            "asked_by-INITIAL_FORMS": 0,
        },
    )

    assert Question.objects.get().text == "Which colour?"


def test_the_index_is_grouped_by_the_work(office: Client) -> None:
    groups = office.get("/admin/").context["app_list"]

    listed = {
        str(group["name"]): [str(each["name"]) for each in group["models"]] for group in groups
    }
    assert listed == {
        "Calendar": ["Appointments", "Bookings", "Customers", "Times off", "Why not?"],
        "What is offered": [
            "Businesses",
            "Services",
            "People and rooms",
            "Questions",
            "Set up a business",
        ],
        "What was told": ["Letters in own words", "Messages", "Events"],
        "Who may sign in": ["Users"],
    }


def test_what_the_database_counts_and_guards_is_edited_nowhere() -> None:
    for model in (Claim, ResourceVersion, CatalogueVersion, ManageLink):
        assert not admin.site.is_registered(model)


def test_the_admin_is_for_those_who_may_open_it(client: Client, db: None) -> None:
    client.force_login(User.objects.create_user("someone@example.org"))
    addresses = [
        f"/admin/bookings/{model._meta.model_name}/"
        for model in admin.site._registry
        if model._meta.app_label == "bookings"
    ]

    assert {client.get(address).status_code for address in addresses} == {302}


@pytest.mark.parametrize("role", ["team_member", "scheduler", "viewer", "guest"])
def test_other_roles_do_not_open_the_admin(client: Client, db: None, role: str) -> None:
    client.force_login(make.member(make.business(), role))

    assert client.get("/admin/").status_code == 302
    assert client.get("/admin/bookings/customer/").status_code == 302


def test_an_admin_of_a_business_opens_the_admin_but_sees_no_users(client: Client, db: None) -> None:
    client.force_login(make.member(make.business(), "admin"))

    groups = client.get("/admin/").context["app_list"]

    assert [group["app_label"] for group in groups] == ["calendar", "offer", "told"]
    assert client.get("/admin/accounts/user/").status_code == 403


def test_a_disabled_admin_does_not_open_the_admin(client: Client, db: None) -> None:
    user = make.member(make.business(), "admin")
    client.force_login(user)
    user.is_active = False
    user.save(update_fields=["is_active"])

    assert client.get("/admin/").status_code == 302


def test_django_s_groups_and_permissions_open_nothing(client: Client, db: None) -> None:
    user = make.user()
    user.user_permissions.set(Permission.objects.all())
    client.force_login(user)

    assert client.get("/admin/").status_code == 302
    Membership.objects.create(
        user=user, business=make.business(), role="admin", created_at=make.NOW
    )
    assert client.get("/admin/accounts/user/").status_code == 403
    assert not admin.site.is_registered(Group)
