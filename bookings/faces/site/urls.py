"""The addresses of the booking pages."""

from __future__ import annotations

from django.urls import path

from bookings.faces.site.views import (
    booking,
    business,
    choice,
    details,
    feed,
    mine,
    reminders,
    service,
    waiting,
)

app_name = "site"

urlpatterns = [
    path("", business.home, name="home"),
    path("theme/<slug:slug>.css", business.theme, name="theme"),
    path("b/<slug:slug>/", business.business, name="business"),
    path("b/<slug:slug>/my/bookings/", mine.mine, name="mine"),
    path("b/<slug:slug>/hold/<str:token>/", details.details, name="details"),
    path("b/<slug:slug>/wait/<uuid:appointment>/", waiting.wait, name="wait"),
    path("b/<slug:slug>/<slug:name>/", service.service, name="service"),
    path("a/<str:token>/", choice.choice, name="choice"),
    path("feeds/<str:token>/", feed.feed, name="feed"),
    path("u/<str:token>/", reminders.reminders, name="reminders"),
    path("m/<str:token>/", booking.booking, name="booking"),
    path("m/<str:token>/take/", booking.take, name="take"),
    path("m/<str:token>/leave/", booking.leave, name="leave"),
    path("m/<str:token>/come/", booking.come, name="come"),
    path("m/<str:token>/move/", booking.move, name="move"),
    path("m/<str:token>/cancel/", booking.cancel, name="cancel"),
    path("m/<str:token>/texts/", booking.end_texts, name="end_texts"),
    path("m/<str:token>/appointment.ics", booking.ics, name="ics"),
]
