"""The addresses for developers."""

from __future__ import annotations

from django.urls import path

from bookings.faces.developers.views import calls, clients, home, problems, reference, tokens

app_name = "developers"

ACCESS = "tokens/<uuid:access>/"
CLIENT = "clients/<slug:client>/"

urlpatterns = [
    path("", home.home, name="home"),
    path("calls/", calls.calls, name="calls"),
    path("problems/", problems.problems, name="problems"),
    path("reference/", reference.reference, name="reference"),
    path("let-in/<slug:client>/shut-out/", home.shut_out, name="shut_out"),
    path("tokens/new/", tokens.new_token, name="new_token"),
    path(ACCESS, tokens.token, name="token"),
    path(f"{ACCESS}revoke/", tokens.revoke_token, name="revoke_token"),
    path("clients/new/", clients.new_client, name="new_client"),
    path(CLIENT, clients.client, name="client"),
    path(f"{CLIENT}edit/", clients.edit_client, name="edit_client"),
    path(f"{CLIENT}secret/", clients.rotate_client, name="rotate_client"),
    path(f"{CLIENT}delete/", clients.delete_client, name="delete_client"),
]
