"""The addresses of the desk."""

from __future__ import annotations

from django.urls import path

from bookings.faces.desk.views import (
    calendar,
    customer_control,
    customers,
    home,
    moving,
    reports,
    resume,
)

app_name = "desk"

urlpatterns = [
    path("", home.home, name="home"),
    path("resume/", resume.resume, name="resume"),
    path("<slug:slug>/", calendar.day, name="day"),
    path("<slug:slug>/appointments/<uuid:appointment>/move/", moving.move, name="move"),
    path("<slug:slug>/customers/", customers.listing, name="customers"),
    path("<slug:slug>/customers/suggest/", customers.suggest, name="customer_suggest"),
    path("<slug:slug>/customers/new/", customers.new, name="customer_new"),
    path("<slug:slug>/customers/<uuid:customer>/", customers.customer, name="customer"),
    path("<slug:slug>/customers/<uuid:customer>/edit/", customers.edit, name="customer_edit"),
    path("<slug:slug>/customers/<uuid:customer>/notes/", customers.notes, name="customer_notes"),
    path(
        "<slug:slug>/customers/<uuid:customer>/merge/",
        customer_control.merge,
        name="customer_merge",
    ),
    path(
        "<slug:slug>/customers/<uuid:customer>/export/",
        customer_control.export,
        name="customer_export",
    ),
    path(
        "<slug:slug>/customers/<uuid:customer>/erase/",
        customer_control.erase,
        name="customer_erase",
    ),
    path("<slug:slug>/reports/", reports.reports, name="reports"),
    path("<slug:slug>/reports/export.<str:kind>", reports.export, name="export"),
]
