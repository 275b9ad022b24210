"""Which address is answered by which face."""

from __future__ import annotations

from django.conf import settings
from django.contrib import admin
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from bookings.faces.api.operation import NotThere
from portal import health, metrics

handler400 = "portal.pages.bad_request"
handler500 = "portal.pages.server_error"

urlpatterns = [
    path("admin/", admin.site.urls),
    path(
        "favicon.ico",
        RedirectView.as_view(url=f"{settings.STATIC_URL}img/icon.svg"),
        name="favicon",
    ),
    path("health/live", health.live, name="live"),
    path("health/ready", health.ready, name="ready"),
    path("metrics", metrics.metrics, name="metrics"),
    path("accounts/", include("accounts.urls")),
    path("", include("accounts.oauth.urls")),
    path("api/v1/", include("bookings.faces.api.urls")),
    re_path(r"^api(/[\s\S]*)?$", NotThere.as_view(), name="no_api"),
    path("desk/", include("bookings.faces.desk.urls")),
    path("developers/", include("bookings.faces.developers.urls")),
    path("feeds/", include("bookings.faces.feeds")),
    path("sms/", include("bookings.faces.callbacks")),
    path("", include("bookings.faces.site.urls")),
]
