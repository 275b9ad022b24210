"""What every answer carries, and what is answered while something is missing."""

from __future__ import annotations

import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from portal.urls import handler500  # noqa: F401 - this module is a URL conf of its own
from portal.urls import urlpatterns as portal_urlpatterns


def lose_database(request: HttpRequest) -> HttpResponse:
    raise OperationalError("the connection is closed")


def fail(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a bug")


urlpatterns = [*portal_urlpatterns, path("lost", lose_database), path("bug", fail)]


def test_a_living_portal_says_so_without_asking_the_database(client: Client) -> None:
    response = client.get("/health/live")

    assert (response.status_code, response.content) == (200, b"live\n")


@pytest.mark.django_db
def test_a_portal_with_database_and_migrations_is_ready(client: Client) -> None:
    response = client.get("/health/ready")

    assert (response.status_code, response.content) == (200, b"ready\n")


@pytest.mark.django_db
def test_a_missing_migration_makes_the_portal_unready(client: Client) -> None:
    MigrationRecorder(connection).record_unapplied("portal", "0002_addresses")

    response = client.get("/health/ready")

    assert (response.status_code, response.content) == (503, b"migrations are missing\n")
    assert response["Retry-After"] == "10"


@pytest.mark.urls("tests.portal.test_answers")
def test_a_lost_database_gets_a_page_that_says_when_to_come_back() -> None:
    response = Client(raise_request_exception=False).get("/lost")

    assert response.status_code == 503
    assert response["Retry-After"] == "10"
    assert "We will be right back" in response.content.decode()


@pytest.mark.urls("tests.portal.test_answers")
def test_a_bug_gets_a_page_that_names_no_detail() -> None:
    response = Client(raise_request_exception=False).get("/bug")

    assert response.status_code == 500
    assert "RuntimeError" not in response.content.decode()


@pytest.mark.django_db
def test_every_page_forbids_what_it_does_not_need(client: Client) -> None:
    response = client.get("/admin/login/")

    policy = response["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert "geolocation=()" in response["Permissions-Policy"]
