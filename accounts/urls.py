"""The addresses of sign-in and of one's own account."""

from __future__ import annotations

from allauth.socialaccount.providers.google.provider import GoogleProvider
from allauth.socialaccount.providers.microsoft.provider import MicrosoftGraphProvider
from allauth.socialaccount.providers.oauth2.urls import default_urlpatterns
from django.urls import include, path

from accounts import views

urlpatterns = [
    path("", views.overview, name="account_overview"),
    path("", include("allauth.account.urls")),
    path("2fa/", include("allauth.mfa.urls")),
    path("sessions/", views.sessions, name="usersessions_list"),
    path("3rdparty/", include("allauth.socialaccount.urls")),
    *default_urlpatterns(GoogleProvider),
    *default_urlpatterns(MicrosoftGraphProvider),
]
