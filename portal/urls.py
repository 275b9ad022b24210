"""Which address is answered by which face."""

from __future__ import annotations

from django.contrib import admin
from django.urls import path

from portal import health

handler500 = "portal.pages.server_error"

urlpatterns = [
    path("admin/", admin.site.urls),
    path("health/live", health.live, name="live"),
    path("health/ready", health.ready, name="ready"),
]
