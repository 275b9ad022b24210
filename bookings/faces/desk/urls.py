"""The addresses of the desk."""

from __future__ import annotations

from django.urls import path

from bookings.faces.desk.views import calendar, customers, home, moving, reports, resume

app_name = "desk"

urlpatterns = [
    path("", home.home, name="home"),
    path("resume/", resume.resume, name="resume"),
    path("<slug:slug>/", calendar.day, name="day"),
    path("<slug:slug>/appointments/<uuid:appointment>/move/", moving.move, name="move"),
    path("<slug:slug>/customers/", customers.listing, name="customers"),
    path("<slug:slug>/customers/suggest/", customers.suggest, name="customer_suggest"),
    path("<slug:slug>/reports/", reports.reports, name="reports"),
    path("<slug:slug>/reports/export.<str:kind>", reports.export, name="export"),
]
