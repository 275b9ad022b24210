"""Which address does what."""

from __future__ import annotations

from django.urls import path, re_path

from bookings.faces.api.operation import NotThere
from bookings.faces.api.views import bookings, services

app_name = "api"

OF = "businesses/<uuid:business>/"

urlpatterns = [
    path(f"{OF}services/", services.Services.as_view(), name="services"),
    path(f"{OF}services/<uuid:service>/", services.OneService.as_view(), name="service"),
    path(f"{OF}bookings/", bookings.Bookings.as_view(), name="bookings"),
    re_path(r"^.*$", NotThere.as_view(), name="not_there"),
]
