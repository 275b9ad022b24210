"""The addresses that the benchmark asks, beside the portal's own."""

from __future__ import annotations

from django.urls import include, path

from tests.bench import views

WINDOW = "<int:service>/<int:first>/<int:days>/<int:staff>/"

urlpatterns = [
    path("empty/", views.empty),
    path("one/", views.select_one),
    path("page/<slug:slug>/", views.empty_page),
    path("memory/", views.memory),
    path(f"starts/{WINDOW}", views.starts),
    path(f"cold/{WINDOW}", views.cold_starts),
    path(f"days/{WINDOW}", views.days),
    path(f"plain/{WINDOW}", views.plain_starts),
    path("", include("portal.urls")),
]
