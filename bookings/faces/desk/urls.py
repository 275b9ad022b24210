"""The addresses of the desk."""

from __future__ import annotations

from django.urls import path, re_path

from bookings.faces.desk.views import (
    appointment,
    attendees,
    bookings,
    calendar,
    customer_control,
    customers,
    deliveries,
    feeds,
    home,
    hours,
    invitation,
    moving,
    new,
    offer,
    people,
    reassigning,
    reports,
    resume,
    staff,
    times_off,
    webhooks,
)

app_name = "desk"

APPOINTMENT = "<slug:slug>/appointments/<uuid:appointment>/"
BOOKING = "<slug:slug>/bookings/<uuid:booking>/"

about_appointment = [
    path(APPOINTMENT, appointment.appointment, name="appointment"),
    path(f"{APPOINTMENT}appointment.ics", appointment.file, name="appointment_file"),
    path(f"{APPOINTMENT}move/", moving.move, name="move"),
    path(f"{APPOINTMENT}reassign/", reassigning.reassign, name="reassign"),
    path(f"{APPOINTMENT}attendees/", attendees.add_attendee, name="add_attendee"),
    path(f"{APPOINTMENT}cancel/", appointment.cancel, name="cancel_appointment"),
    path(f"{APPOINTMENT}notes/", appointment.notes, name="notes"),
    path("<slug:slug>/messages/<uuid:message>/resend/", appointment.resend, name="resend"),
]
about_booking = [
    path(f"{BOOKING}approve/", bookings.approve, name="approve"),
    path(f"{BOOKING}decline/", bookings.decline, name="decline"),
    path(f"{BOOKING}check-in/", bookings.check_in, name="check_in"),
    path(f"{BOOKING}complete/", bookings.complete, name="complete"),
    path(f"{BOOKING}undo-check-in/", bookings.undo_check_in, name="undo_check_in"),
    path(f"{BOOKING}undo-complete/", bookings.undo_complete, name="undo_complete"),
    path(f"{BOOKING}no-show/", bookings.no_show, name="no_show"),
    path(f"{BOOKING}end-texts/", bookings.end_texts, name="end_texts"),
    path(f"{BOOKING}undo-no-show/", bookings.undo_no_show, name="undo_no_show"),
    path(f"{BOOKING}cancel/", bookings.cancel, name="cancel_booking"),
    path(f"{BOOKING}give-place/", bookings.give_place, name="give_place"),
    path(f"{BOOKING}unlist/", bookings.unlist, name="unlist"),
    path(f"{BOOKING}move/", moving.move_booking, name="move_booking"),
    path(f"{BOOKING}link/", bookings.link, name="link"),
]
WEBHOOK = "<slug:slug>/webhooks/<uuid:subscription>/"
about_webhooks = [
    path("<slug:slug>/webhooks/", webhooks.webhooks, name="webhooks"),
    path("<slug:slug>/webhooks/new/", webhooks.new_webhook, name="new_webhook"),
    path(WEBHOOK, deliveries.webhook, name="webhook"),
    path(f"{WEBHOOK}edit/", webhooks.edit_webhook, name="edit_webhook"),
    path(f"{WEBHOOK}secret/", webhooks.webhook_secret, name="webhook_secret"),
    path(f"{WEBHOOK}rotate/", webhooks.rotate_webhook, name="rotate_webhook"),
    path(f"{WEBHOOK}disable/", webhooks.disable_webhook, name="disable_webhook"),
    path(f"{WEBHOOK}enable/", webhooks.enable_webhook, name="enable_webhook"),
    path(f"{WEBHOOK}delete/", webhooks.delete_webhook, name="delete_webhook"),
    path(f"{WEBHOOK}test/", deliveries.test_webhook, name="test_webhook"),
    path(f"{WEBHOOK}again/", deliveries.redeliver_range, name="redeliver_range"),
    path("<slug:slug>/webhooks/deliveries/<uuid:delivery>/", deliveries.delivery, name="delivery"),
    path(
        "<slug:slug>/webhooks/deliveries/<uuid:delivery>/again/",
        deliveries.redeliver,
        name="redeliver",
    ),
]
urlpatterns = [
    path("", home.home, name="home"),
    path("resume/", resume.resume, name="resume"),
    re_path(r"^invitation/(?P<token>[\w-]{43})/$", invitation.invitation, name="invitation"),
    path("<slug:slug>/", calendar.day, name="day"),
    path("<slug:slug>/new/", new.new, name="new"),
    *about_appointment,
    *about_booking,
    *about_webhooks,
    path("<slug:slug>/week/", calendar.week, name="week"),
    path("<slug:slug>/month/", calendar.month, name="month"),
    path("<slug:slug>/list/", calendar.listing, name="list"),
    path("<slug:slug>/customers/", customers.listing, name="customers"),
    path("<slug:slug>/customers/suggest/", customers.suggest, name="customer_suggest"),
    path("<slug:slug>/customers/new/", customers.new, name="customer_new"),
    path("<slug:slug>/customers/<uuid:customer>/", customers.customer, name="customer"),
    path("<slug:slug>/customers/<uuid:customer>/edit/", customers.edit, name="customer_edit"),
    path("<slug:slug>/customers/<uuid:customer>/notes/", customers.notes, name="customer_notes"),
    path(
        "<slug:slug>/customers/<uuid:customer>/reminders/",
        customers.reminders,
        name="customer_reminders",
    ),
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
    path("<slug:slug>/time-off/", times_off.times_off, name="times_off"),
    path("<slug:slug>/time-off/new/", times_off.new_time_off, name="new_time_off"),
    path("<slug:slug>/time-off/<uuid:time_off>/", times_off.time_off, name="time_off"),
    path(
        "<slug:slug>/time-off/<uuid:time_off>/cancel/",
        times_off.cancel_time_off,
        name="cancel_time_off",
    ),
    path("<slug:slug>/hours/", hours.hours, name="hours"),
    path("<slug:slug>/hours/<uuid:resource>/", hours.hours_of, name="hours_of"),
    path("<slug:slug>/feeds/", feeds.feeds, name="feeds"),
    path("<slug:slug>/feeds/<uuid:feed>/renew/", feeds.renew, name="renew_feed"),
    path("<slug:slug>/feeds/<uuid:feed>/revoke/", feeds.revoke, name="revoke_feed"),
    path("<slug:slug>/offer/", offer.offer, name="offer"),
    path("<slug:slug>/people/", people.people, name="people"),
    path("<slug:slug>/people/invite/", people.invite, name="invite"),
    path(
        "<slug:slug>/people/invitations/<uuid:invitation>/resend/",
        people.resend,
        name="resend_invitation",
    ),
    path(
        "<slug:slug>/people/invitations/<uuid:invitation>/withdraw/",
        people.withdraw,
        name="withdraw_invitation",
    ),
    path("<slug:slug>/people/members/<uuid:member>/", people.member, name="member"),
    path(
        "<slug:slug>/people/members/<uuid:member>/remove/",
        people.remove_member,
        name="remove_member",
    ),
    path("<slug:slug>/people/staff/new/", staff.new_staff, name="new_staff"),
    path("<slug:slug>/people/staff/<uuid:resource>/", staff.staff, name="staff"),
    path("<slug:slug>/people/staff/<uuid:resource>/link/", staff.link, name="link_staff"),
    path("<slug:slug>/people/staff/<uuid:resource>/ask/", staff.ask, name="ask_staff"),
]
