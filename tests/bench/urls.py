"""The addresses that the benchmark asks, beside the portal's own."""

from __future__ import annotations

from django.urls import include, path

from accounts.doors import Door, opens_to
from tests.bench import views

public = opens_to(Door.PUBLIC)

WINDOW = "<int:service>/<int:first>/<int:days>/<int:staff>/"

urlpatterns = [
    path("empty/", public(views.empty)),
    path("framework/", public(views.Framework.as_view())),
    path("known/", public(views.Known.as_view())),
    path("one/", public(views.select_one)),
    path("page/<slug:slug>/", public(views.empty_page)),
    path("desk-page/<slug:slug>/", views.empty_desk_page),
    path("memory/", public(views.memory)),
    path(f"starts/{WINDOW}", public(views.starts)),
    path(f"cold/{WINDOW}", public(views.cold_starts)),
    path(f"days/{WINDOW}", public(views.days)),
    path(f"plain/{WINDOW}", public(views.plain_starts)),
    path("", include("portal.urls")),
]
