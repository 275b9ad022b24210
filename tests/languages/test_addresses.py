"""Which address answers in which language, how a visitor chooses, and what caches are told."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import Settings

from bookings.models import Business
from portal.languages import PUBLIC, STAFFS
from portal.routes import routes
from tests import make
from tests.faces.api.conftest import Program

pytestmark = pytest.mark.django_db

GERMAN = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}
CUSTOMERS = ("site:", "feeds:", "callbacks:", "api:public_")
WORDLESS = {"favicon.ico", "health/live", "health/ready", "metrics", r"^api(/[\s\S]*)?$"}
"""What says nothing, or the same to everybody: what is no address of the API, with the rest."""


@pytest.fixture
def business() -> Business:
    return make.business(slug="salon", name="Salon")


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        ("de", "de"),
        ("de-CH", "de"),
        ("en-GB,de;q=0.3", "en"),
        ("ar", "en"),
        ("fr-FR,he;q=0.9", "en"),
        ("pl,de;q=0.2", "de"),
        ("../../etc", "en"),
        ("", "en"),
    ],
)
def test_pages_come_in_the_language_of_the_browser_or_else_in_english(
    client: Client, business: Business, wanted: str, language: str
) -> None:
    page = client.get("/b/salon/", headers={"Accept-Language": wanted})

    assert page["Content-Language"] == language
    assert f'<html lang="{language}" dir="ltr">' in page.content.decode()


def test_caches_are_told_what_a_page_depends_on(client: Client, business: Business) -> None:
    page = client.get("/b/salon/", headers=GERMAN)

    assert {"Accept-Language", "Cookie"} <= {name.strip() for name in page["Vary"].split(",")}


@pytest.mark.parametrize("address", ["/", "/b/salon/", "/feeds/x.ics", "/a/x/", "/metrics"])
def test_an_address_with_too_many_fields_is_refused_with_a_page(
    client: Client, business: Business, address: str
) -> None:
    fields = "&".join(f"a{number}=1" for number in range(1001))
    page = client.get(f"{address}?{fields}", headers=GERMAN)

    assert page.status_code == 400
    assert "<h1" in page.content.decode()


def test_what_has_no_words_depends_on_no_language(client: Client, business: Business) -> None:
    colours = client.get("/theme/salon.css", headers=GERMAN)

    assert "Content-Language" not in colours
    assert "Accept-Language" not in colours.get("Vary", "")


def test_two_visitors_one_after_the_other_get_a_language_each(business: Business) -> None:
    service = make.service(business, name="Schnitt", slug="cut")
    address = f"/b/salon/{service.slug}/"

    first = Client().get(address, headers=GERMAN).content.decode()
    second = Client().get(address, headers={"Accept-Language": "en"}).content.decode()

    assert ("Alle Leistungen" in first, "All services" in first) == (True, False)
    assert ("Alle Leistungen" in second, "All services" in second) == (False, True)


def test_a_language_is_chosen_in_the_footer_and_remembered(
    client: Client, business: Business
) -> None:
    page = client.get("/b/salon/?from=letter").content.decode()
    assert '<a href="?from=letter&amp;lang=de" lang="de" hreflang="de"' in page

    chosen = client.get("/b/salon/?from=letter&lang=de")
    later = client.get("/b/salon/", headers={"Accept-Language": "en"})

    cookie = chosen.cookies["language"]
    assert (chosen["Content-Language"], later["Content-Language"]) == ("de", "de")
    assert (cookie["samesite"], cookie["httponly"], cookie["max-age"]) == ("Lax", True, 31536000)
    assert client.get("/b/salon/?lang=en")["Content-Language"] == "en"
    assert client.get("/b/salon/", headers=GERMAN)["Content-Language"] == "en"


def test_the_language_of_the_page_is_marked(client: Client, business: Business) -> None:
    page = client.get("/b/salon/", headers=GERMAN).content.decode()

    assert page.count('aria-current="true">') == 1
    assert 'rel="nofollow" aria-current="true">Deutsch</a>' in page


@pytest.mark.parametrize("asked", ["xx", "", "//evil.example", "de%0d%0aSet-Cookie:a=b"])
def test_a_language_that_is_none_is_not_remembered(
    client: Client, business: Business, asked: str
) -> None:
    page = client.get(f"/b/salon/?lang={asked}")

    assert page["Content-Language"] == "en"
    assert "language" not in page.cookies


def test_the_answer_to_a_form_offers_no_link_that_would_lose_its_words(
    client: Client, business: Business
) -> None:
    refused = client.post("/b/salon/my/bookings/", {"email": "no address"}, headers=GERMAN)

    assert refused.status_code == 422
    assert "Das sieht nicht nach einer E-Mail-Adresse aus." in refused.content.decode()
    assert 'id="languages"' not in refused.content.decode()


def test_an_installation_with_one_language_offers_no_choice(
    client: Client, business: Business, settings: Settings
) -> None:
    settings.LANGUAGES = [("en", "English")]

    page = client.get("/b/salon/", headers=GERMAN)

    assert page["Content-Language"] == "en"
    assert 'id="languages"' not in page.content.decode()


@pytest.mark.parametrize("path", ["/nothing/", "/b/nothing/", "/m/nothing/", "/a/nothing/"])
def test_a_page_that_customers_do_not_find_says_so_in_their_language(
    client: Client, path: str
) -> None:
    page = client.get(path, headers=GERMAN)

    assert (page.status_code, page["Content-Language"]) == (404, "de")
    assert "Unter dieser Adresse gibt es nichts" in page.content.decode()


@pytest.mark.urls("tests.portal.test_answers")
@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("/lost", 503, "Wir sind gleich wieder da"),
        ("/bug", 500, "Bei uns ist etwas schiefgegangen"),
    ],
)
def test_what_goes_wrong_on_our_side_is_said_in_their_language(
    path: str, status: int, said: str
) -> None:
    page = Client(raise_request_exception=False, headers=GERMAN).get(path)

    assert (page.status_code, page["Content-Language"]) == (status, "de")
    assert said in page.content.decode()


def test_every_address_that_is_not_customers_is_known_to_be_the_staffs() -> None:
    others = {
        route.pattern
        for route in routes()
        if not route.name.startswith(CUSTOMERS) and not f"/{route.pattern}".startswith(STAFFS)
    }

    assert others <= WORDLESS


def test_no_customers_address_is_taken_for_the_staffs() -> None:
    assert [
        route.pattern
        for route in routes()
        if route.name.startswith(CUSTOMERS)
        and f"/{route.pattern}".startswith(STAFFS)
        and not f"/{route.pattern}".startswith(PUBLIC)
    ] == []


@pytest.mark.parametrize(
    "path", ["/desk/salon/", "/desk/salon/nothing/", "/admin/bookings/service/", "/accounts/email/"]
)
def test_staff_with_a_german_browser_read_english_alone(
    client: Client, business: Business, path: str
) -> None:
    client.force_login(make.member(business, "admin"))
    client.cookies["language"] = "de"

    page = client.get(path, headers=GERMAN, follow=True)
    words = page.content.decode()

    assert page["Content-Language"] == "en"
    assert 'lang="en' in words
    assert not [german for german in (" und ", " der ", "Montag", "März", "ü") if german in words]


def test_programs_are_refused_in_english_whatever_language_they_ask_for(
    business: Business,
) -> None:
    program = Program(make.member(business), business)
    sent = {
        "service": str(make.service(business).public_id),
        "starts_at": "2001-03-04T09:00:00Z",
        "contact": {"name": "Jo", "email": "jo@example.org"},
    }

    refused = program.post("bookings/", sent, **GERMAN)
    asked = program.get("services/?lang=de", **GERMAN)

    assert refused.json()["detail"] == "This time has already passed."
    assert (asked.status_code, "language" in asked.cookies) == (400, False)


def test_whom_the_public_part_of_the_api_refuses_reads_why_in_their_language(
    client: Client, business: Business
) -> None:
    service = make.service(business, slug="cut")
    sent = {"service": str(service.slug), "starts_at": "2001-03-04T09:00:00Z"}

    refused = client.post(
        "/api/v1/public/businesses/salon/holds/", sent, "application/json", headers=GERMAN
    )
    asked = client.get("/api/v1/public/businesses/salon/?lang=de")

    assert (refused.status_code, refused["Content-Language"]) == (422, "de")
    assert refused.json()["detail"] == "Diese Zeit ist schon vorbei."
    assert (asked.status_code, asked["Content-Language"]) == (400, "en")
    assert "language" not in asked.cookies


def test_the_sign_in_is_in_english_alone(client: Client) -> None:
    page = client.get("/accounts/login/?lang=de", headers=GERMAN)
    refused = client.post("/accounts/login/", {"login": "", "password": ""}, headers=GERMAN)

    assert (page["Content-Language"], "language" in page.cookies) == ("en", False)
    assert "This field is required." in refused.content.decode()
