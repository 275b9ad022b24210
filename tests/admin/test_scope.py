"""An admin of one business meets nothing of another, wherever in the admin they look.

`Quokka` stands in every word of the other business.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.test import Client

from accounts.models import User
from bookings import commands
from bookings.admin.scope import BELONGINGS, Scoped
from bookings.models import (
    Appointment,
    AvailabilityRange,
    Booking,
    Business,
    Customer,
    Event,
    HoursRule,
    Message,
    OwnWording,
    Question,
    Resource,
    Service,
    TimeOff,
)
from tests import make
from tests.admin.browse import change, errors, rows, send, told

CANARY, PART = "Quokka", "uokk"


@dataclass
class Shop:
    """A business with one row of every kind, its admin, and their browser."""

    business: Business
    admin: User
    office: Client
    rows: dict[type[Model], Model]


def shop(name: str) -> Shop:
    """Return a business whose rows all have `name` in them."""
    business = make.business(name=name, about=name, slug=name.lower())
    person = make.staff(business, name=f"{name} Ann")
    service = make.service(business, by=[person], name=f"{name} cut", slug=f"{name}-cut".lower())
    question = make.question(service, text=f"{name}?")
    booking = make.booking(
        service,
        contact=make.contact(name=f"{name} Zoë", email=f"zoe@{name}.example", notes=name),
        answers={str(question.public_id): name},
    )
    Appointment.objects.filter(pk=booking.appointment_id).update(staff_notes=name)
    Message.objects.filter(business=business).update(error=name)
    day = date(2031, 6, 1)
    found = AvailabilityRange.objects.create(
        service=service, first_day=day, last_day=day, availability="none"
    )
    time_off = TimeOff.objects.create(
        business=business, title=name, starts_at=make.at("20:00"), ends_at=make.at("21:00")
    )
    user = make.member(business, "admin", name=f"{name} boss")
    office = Client()
    office.force_login(user)
    kept: list[Model] = [business, person, service, question, found, time_off, booking]
    kept += [booking.appointment, booking.customer, booking.events.get()]
    kept += [Message.objects.get(business=business, audience="customer")]
    words = {"topic": "confirmed", "language": "en", "subject": name, "text": name}
    kept += [OwnWording.objects.create(business=business, **words)]
    return Shop(business, user, office, {type(row): row for row in kept})


@pytest.fixture
def ours(db: None) -> Shop:
    return shop("Numbat")


@pytest.fixture
def theirs(db: None) -> Shop:
    return shop(CANARY)


def listing(model: type[Model]) -> str:
    return f"/admin/bookings/{model._meta.model_name}/"


def changes(row: Model) -> str:
    """Return the address of a row without the page."""
    return change(row).removesuffix("change/")


def kinds() -> list[type[Model]]:
    """Return the models whose pages the admin has, users left out."""
    return [model for model in admin.site._registry if model is not User]


def counts() -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in BELONGINGS}


def test_every_page_and_every_inline_of_the_admin_has_a_scope() -> None:
    without = []
    for model, pages in admin.site._registry.items():
        if model is User:
            continue
        inlines = [*pages.inlines, *_more_inlines(model)]
        for each in (type(pages), *inlines):
            shown = getattr(each, "model", None) or model
            if not issubclass(each, Scoped) or shown not in BELONGINGS:
                without.append(each.__name__)

    assert without == []


def _more_inlines(model: type[Model]) -> list[type]:
    """Return the inlines of a page that depend on what is known."""
    pages = admin.site._registry[model]
    if "get_inlines" not in vars(type(pages)):
        return []
    business = Business(pk=1, name="Any")
    row = model(business=business) if hasattr(model, "business") else business
    return list(pages.get_inlines(None, row))  # type: ignore[arg-type]


def test_every_row_that_belongs_to_a_business_knows_the_way_to_it(theirs: Shop) -> None:
    for model, belonging in BELONGINGS.items():
        found = model._default_manager.filter(**{belonging.path: theirs.business.pk})
        assert found.count() == model._default_manager.count(), model


def test_no_list_search_or_filter_names_another_business(ours: Shop, theirs: Shop) -> None:
    queries = ["", "period=all", f"period=all&q={PART}", "period=all&q=zoe", "_facets=1"]
    queries += [f"business__id__exact={theirs.business.pk}", f"business={theirs.business.pk}"]
    queries += [f"period=all&service__id__exact={theirs.rows[Service].pk}"]
    for model in kinds():
        for query in queries:
            page = ours.office.get(f"{listing(model)}?{query}", follow=True)
            assert CANARY.lower() not in page.content.decode().lower(), (model, query)
            shown = page.context["cl"].result_list if "cl" in page.context else []
            assert theirs.rows[model] not in shown
        seen = theirs.office.get(f"{listing(model)}?period=all", follow=True)
        assert theirs.rows[model] in seen.context["cl"].result_list


@pytest.mark.parametrize("end", ["change/", "delete/", "history/", ""])
def test_no_page_of_a_foreign_row_opens(ours: Shop, theirs: Shop, end: str) -> None:
    for model in kinds():
        address = f"{changes(theirs.rows[model])}{end}"
        for answer in (ours.office.get(address, follow=True), ours.office.post(address)):
            assert answer.status_code in (200, 302, 403, 404), address
            assert CANARY.lower() not in answer.content.decode().lower(), address
        assert ours.office.get(address).status_code in (302, 403), address
        if end in ("change/", "history/"):
            assert theirs.office.get(address).status_code == 200, address


def test_no_form_offers_what_is_of_another_business(ours: Shop, theirs: Shop) -> None:
    for model in kinds():
        add = f"{listing(model)}add/"
        for address in (add, f"{add}?business={theirs.business.pk}", change(ours.rows[model])):
            page = ours.office.get(address)
            assert page.status_code in (200, 403), address
            assert CANARY.lower() not in page.content.decode().lower(), address


def test_no_suggestion_is_of_another_business(ours: Shop, theirs: Shop) -> None:
    asked = [
        {
            "app_label": model._meta.app_label,
            "model_name": str(model._meta.model_name),
            "field_name": field.name,
            "term": term,
            **business,
        }
        for model in [*kinds(), *BELONGINGS, User]
        for field in model._meta.get_fields()
        if field.is_relation
        for term, business in (("", {}), (PART, {"business": str(theirs.business.pk)}))
    ]
    named = 0
    for query in asked:
        answer = ours.office.get("/admin/autocomplete/", query)
        assert answer.status_code in (200, 403, 404)
        assert CANARY.lower() not in answer.content.decode().lower(), query
        named += CANARY in theirs.office.get("/admin/autocomplete/", query).content.decode()

    assert named > 10


def test_no_action_reaches_a_row_of_another_business(ours: Shop, theirs: Shop) -> None:
    before, states = counts(), list(Booking.objects.order_by("pk").values_list("state", flat=True))
    for model in kinds():
        names = admin.site._registry[model].actions or ()
        for name in (*map(str, names), "delete_selected"):
            chosen = {"action": name, "index": 0, "_selected_action": theirs.rows[model].pk}
            more = {"post": "yes", "confirmed": 1, "select_across": 0}
            page = ours.office.post(f"{listing(model)}?period=all", chosen | more, follow=True)
            assert CANARY.lower() not in page.content.decode().lower(), (model, name)

    assert counts() == before
    assert list(Booking.objects.order_by("pk").values_list("state", flat=True)) == states
    page = _act(theirs, Booking, "cancel")
    assert told(page) == ["1 cancelled."]


def _act(of: Shop, model: type[Model], name: str) -> object:
    chosen = {"action": name, "index": 0, "_selected_action": of.rows[model].pk, "confirmed": 1}
    return of.office.post(f"{listing(model)}?period=all", chosen, follow=True)


def test_all_across_the_list_means_all_of_ones_own(ours: Shop, theirs: Shop) -> None:
    chosen = {"action": "check_in", "index": 0, "select_across": 1}
    selected = {"_selected_action": ours.rows[Booking].pk}

    ours.office.post(f"{listing(Booking)}?period=all", chosen | selected)

    here = Booking.objects.filter(checked_in_at__isnull=False)
    assert list(here) == [ours.rows[Booking]]


@pytest.mark.parametrize("model", [Service, Resource, Question, Customer, TimeOff])
def test_nothing_is_added_to_another_business(ours: Shop, theirs: Shop, model: type[Model]) -> None:
    before = counts()
    values = {
        Service: {"name": "New", "slug": "new"},
        Resource: {"name": "New"},
        Question: {"text": "New?"},
        Customer: {"name": "New"},
        TimeOff: {"starts_at_0": "2031-07-01", "starts_at_1": "10:00"}
        | {"ends_at_0": "2031-07-01", "ends_at_1": "12:00"},
    }[model]

    refused = send(ours.office, f"{listing(model)}add/", **values, business=theirs.business.pk)

    assert "Select a valid choice" in errors(refused)[0]
    assert counts() == before
    send(theirs.office, f"{listing(model)}add/", **values)
    assert counts()[model.__name__] == before[model.__name__] + 1


def test_a_row_never_moves_to_another_business(ours: Shop, theirs: Shop) -> None:
    for model in (Service, Resource, Question, Customer, TimeOff):
        send(ours.office, change(ours.rows[model]), business=theirs.business.pk)
        ours.rows[model].refresh_from_db()
        assert ours.rows[model].business == ours.business  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("model", "prefix", "field", "other"),
    [
        (Service, "links", "resource", Resource),
        (Service, "asks", "question", Question),
        (Resource, "links", "service", Service),
        (Question, "asked_by", "service", Service),
    ],
)
def test_no_inline_takes_a_row_of_another_business(
    ours: Shop,
    theirs: Shop,
    model: type[Model],
    prefix: str,
    field: str,
    other: type[Model],
) -> None:
    before = counts()
    row = {field: theirs.rows[other].pk, "priority": 1, "position": 1}

    page = send(ours.office, change(ours.rows[model]), **rows(prefix, row, first=1))

    assert errors(page) == ["Choose something of the same business."]
    assert CANARY not in page.content.decode()
    assert counts() == before


def test_no_inline_reaches_a_row_of_another_business_by_its_number(
    ours: Shop, theirs: Shop
) -> None:
    rule = HoursRule.objects.filter(business=theirs.business).order_by("pk")[0]
    forged = {
        "hours-INITIAL_FORMS": 8,
        **rows(
            "hours", {"id": rule.pk, "weekday": 0, "opens": "01:00", "closes": "02:00"}, first=7
        ),
    }

    page = send(ours.office, change(ours.business), **forged)

    assert errors(page) == ["Something here was removed meanwhile. Open the page again."]
    rule.refresh_from_db()
    assert (rule.business, rule.opens.hour) == (theirs.business, 9)


def test_nobody_signs_in_as_staff_of_a_business_they_have_no_part_in(
    ours: Shop, theirs: Shop
) -> None:
    person = ours.rows[Resource]

    page = send(ours.office, change(person), user=theirs.admin.pk)
    assert errors(page) == ["Choose a member of this business."]
    assert theirs.admin.email not in page.content.decode()

    send(ours.office, change(person), user=ours.admin.pk)
    person.refresh_from_db()
    assert person.user == ours.admin  # type: ignore[attr-defined]


def test_the_page_of_ones_own_account_and_those_of_others_are_closed(ours: Shop) -> None:
    before = User.objects.values_list("pk", "is_superuser", "password")

    for page in ("", "add/", f"{ours.admin.pk}/change/", f"{ours.admin.pk}/password/"):
        address = f"/admin/accounts/user/{page}"
        assert ours.office.get(address).status_code == 403
        assert ours.office.post(address, {"is_superuser": "on"}).status_code == 403

    assert list(User.objects.values_list("pk", "is_superuser", "password")) == list(before)


def test_no_field_makes_more_of_somebody(ours: Shop, theirs: Shop) -> None:
    more = {
        "is_superuser": "on",
        "is_staff": "on",
        "role": "admin",
        "memberships": ours.admin.pk,
        "public_id": "11111111-1111-1111-1111-111111111111",
        "business": theirs.business.pk,
        "acceptance": "active",
        "staff_notes": "mine",
        "state": "cancelled",
    }
    Resource.objects.update(acceptance="pending")
    public_ids = {model: row.public_id for model, row in ours.rows.items() if row is _public(row)}

    for model in (Business, Service, Resource, Question, Customer, TimeOff):
        assert errors(send(ours.office, change(ours.rows[model]), **more)) == []

    ours.admin.refresh_from_db()
    assert not ours.admin.is_superuser
    assert list(ours.admin.memberships.values_list("business", "role")) == [
        (ours.business.pk, "admin")
    ]
    assert set(Resource.objects.values_list("acceptance", flat=True)) == {"pending"}
    for model, public_id in public_ids.items():
        assert model._default_manager.get(pk=ours.rows[model].pk).public_id == public_id


def _public(row: Model) -> Model | None:
    return row if hasattr(row, "public_id") else None


def test_businesses_are_opened_and_removed_by_superusers_alone(ours: Shop, theirs: Shop) -> None:
    assert ours.office.get("/admin/bookings/business/add/").status_code == 403
    for row in (ours.business, theirs.business):
        ours.office.post(f"/admin/bookings/business/{row.pk}/delete/", {"post": "yes"})

    assert Business.objects.count() == 2


def test_what_others_did_shows_up_only_with_the_rows_one_sees(ours: Shop, theirs: Shop) -> None:
    for row in (ours.rows[Service], theirs.rows[Service]):
        LogEntry.objects.create(
            user=ours.admin,
            content_type=ContentType.objects.get_for_model(Service),
            object_id=str(row.pk),
            object_repr=str(row),
            action_flag=CHANGE,
        )

    page = ours.office.get("/admin/")

    assert "Numbat cut" in page.content.decode()
    assert CANARY not in page.content.decode()


def test_no_address_leads_by_number_to_whatever_row_there_is(ours: Shop, theirs: Shop) -> None:
    kind = ContentType.objects.get_for_model(Service)

    assert ours.office.get(f"/admin/r/{kind.pk}/{theirs.rows[Service].pk}/").status_code == 404


def test_who_administers_two_businesses_sees_both_and_no_third(ours: Shop, theirs: Shop) -> None:
    third = shop("Wombat")
    third.business.memberships.create(user=ours.admin, role="admin", created_at=make.NOW)

    page = ours.office.get(f"{listing(Service)}")

    assert {str(row) for row in page.context["cl"].result_list} == {"Numbat cut", "Wombat cut"}
    assert CANARY not in page.content.decode()
    assert "By business" in page.content.decode()


def test_a_lesser_role_elsewhere_shows_nothing_of_that_business(ours: Shop, theirs: Shop) -> None:
    theirs.business.memberships.create(user=ours.admin, role="scheduler", created_at=make.NOW)

    for model in kinds():
        page = ours.office.get(f"{listing(model)}?period=all")
        assert CANARY.lower() not in page.content.decode().lower()
    assert ours.office.get(change(theirs.rows[Appointment])).status_code == 302


def test_rights_end_with_the_membership(ours: Shop) -> None:
    assert ours.office.get("/admin/").status_code == 200

    ours.admin.memberships.all().delete()

    assert ours.office.get("/admin/").status_code == 302


def test_a_message_of_another_business_is_shown_nowhere(ours: Shop, theirs: Shop) -> None:
    number = theirs.rows[Message].pk

    assert ours.office.get(f"/admin/bookings/message/{number}/html/").status_code == 404
    assert theirs.office.get(f"/admin/bookings/message/{number}/html/").status_code == 200


def test_new_staff_are_asked_first_where_the_business_wants_that(ours: Shop) -> None:
    Business.objects.update(staff_must_accept=True)

    page = send(ours.office, f"{listing(Resource)}add/", name="Bea", email="bea@example.org")

    person = Resource.objects.get(name="Bea")
    assert person.acceptance == "pending"
    assert "“Bea” can be booked once they have agreed." in told(page)
    assert Message.objects.filter(address="bea@example.org").exists()


def test_a_room_never_signs_in(ours: Shop) -> None:
    page = send(
        ours.office, f"{listing(Resource)}add/", name="Blue", kind="room", user=ours.admin.pk
    )

    assert errors(page) == ["Only staff sign in."]


def test_events_of_a_business_are_its_own(ours: Shop, theirs: Shop) -> None:
    booking = theirs.rows[Booking]
    assert isinstance(booking, Booking)
    commands.check_in(booking=booking, now=make.NOW, actor=commands.Actor("staff", CANARY))

    page = ours.office.get(listing(Event))

    assert CANARY not in page.content.decode()
    assert len(page.context["cl"].result_list) == 1
