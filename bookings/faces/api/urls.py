"""Which address does what."""

from __future__ import annotations

from django.urls import include, path, re_path

from bookings.faces.api.operation import NotThere
from bookings.faces.api.public import NothingPublic
from bookings.faces.api.views import (
    appointments,
    availability,
    bookings,
    businesses,
    customer_control,
    customers,
    deciding,
    deliveries,
    description,
    entry,
    events,
    groups,
    holds,
    hours,
    invitations,
    memberships,
    messages,
    moving,
    questions,
    reports,
    resources,
    services,
    subscriptions,
    times_off,
)

app_name = "api"

OF = "businesses/<uuid:business>/"

ONE_APPOINTMENT = f"{OF}appointments/<uuid:appointment>/"
ONE_BOOKING = f"{OF}bookings/<uuid:booking>/"
ONE_CUSTOMER = f"{OF}customers/<uuid:customer>/"
HOOK = f"{OF}subscriptions/<uuid:subscription>/"

about_customers = [
    path(f"{OF}customers/", customers.Customers.as_view(), name="customers"),
    path(ONE_CUSTOMER, customers.OneCustomer.as_view(), name="customer"),
    path(f"{ONE_CUSTOMER}merge/", customer_control.Merging.as_view(), name="merge"),
    path(f"{ONE_CUSTOMER}export/", customer_control.Exporting.as_view(), name="export"),
    path(f"{ONE_CUSTOMER}opt-out/", customer_control.OptingOut.as_view(), name="opt_out"),
    path(f"{ONE_CUSTOMER}opt-in/", customer_control.OptingIn.as_view(), name="opt_in"),
]
about_people = [
    path(f"{OF}memberships/", memberships.Memberships.as_view(), name="memberships"),
    path(
        f"{OF}memberships/<uuid:membership>/",
        memberships.OneMembership.as_view(),
        name="membership",
    ),
    path(f"{OF}invitations/", invitations.Invitations.as_view(), name="invitations"),
    path(
        f"{OF}invitations/<uuid:invitation>/",
        invitations.OneInvitation.as_view(),
        name="invitation",
    ),
    path(
        f"{OF}invitations/<uuid:invitation>/resend/",
        invitations.Resending.as_view(),
        name="resend_invitation",
    ),
    path(f"{OF}reports/", reports.Reports.as_view(), name="reports"),
    path(f"{OF}exports/bookings/", reports.Exports.as_view(), name="exports"),
]
about_appointments = [
    path(f"{OF}appointments/", appointments.Appointments.as_view(), name="appointments"),
    path(ONE_APPOINTMENT, appointments.OneAppointment.as_view(), name="appointment"),
    path(
        f"{ONE_APPOINTMENT}reschedule/",
        moving.RescheduleAppointment.as_view(),
        name="reschedule_appointment",
    ),
    path(f"{ONE_APPOINTMENT}reassign/", moving.Reassign.as_view(), name="reassign_appointment"),
    path(
        f"{ONE_APPOINTMENT}cancel/", moving.CancelAppointment.as_view(), name="cancel_appointment"
    ),
    path(f"{ONE_APPOINTMENT}notes/", moving.Notes.as_view(), name="appointment_notes"),
    path(f"{ONE_APPOINTMENT}attendees/", groups.Attendees.as_view(), name="attendees"),
    path(f"{ONE_APPOINTMENT}waitlist/", groups.Waitlist.as_view(), name="waitlist"),
]
about_bookings = [
    path(f"{OF}bookings/", bookings.Bookings.as_view(), name="bookings"),
    path(ONE_BOOKING, bookings.OneBooking.as_view(), name="booking"),
    path(
        f"{ONE_BOOKING}reschedule/", moving.RescheduleBooking.as_view(), name="reschedule_booking"
    ),
    path(f"{ONE_BOOKING}cancel/", deciding.Cancel.as_view(), name="cancel_booking"),
    path(f"{ONE_BOOKING}approve/", deciding.Approve.as_view(), name="approve"),
    path(f"{ONE_BOOKING}decline/", deciding.Decline.as_view(), name="decline"),
    path(f"{ONE_BOOKING}check-in/", deciding.CheckIn.as_view(), name="check_in"),
    path(f"{ONE_BOOKING}undo-check-in/", deciding.UndoCheckIn.as_view(), name="undo_check_in"),
    path(f"{ONE_BOOKING}complete/", deciding.Complete.as_view(), name="complete"),
    path(f"{ONE_BOOKING}undo-complete/", deciding.UndoComplete.as_view(), name="undo_complete"),
    path(f"{ONE_BOOKING}no-show/", deciding.NoShow.as_view(), name="no_show"),
    path(f"{ONE_BOOKING}undo-no-show/", deciding.UndoNoShow.as_view(), name="undo_no_show"),
    path(f"{ONE_BOOKING}reconfirm/", deciding.Reconfirm.as_view(), name="reconfirm"),
    path(f"{ONE_BOOKING}end-texts/", deciding.EndTexts.as_view(), name="end_texts"),
    path(f"{ONE_BOOKING}manage-link/", deciding.ManageLink.as_view(), name="manage_link"),
    path(f"{ONE_BOOKING}take-place/", groups.TakePlace.as_view(), name="take_place"),
    path(f"{ONE_BOOKING}leave-waitlist/", groups.LeaveWaitlist.as_view(), name="leave_waitlist"),
    path(f"{OF}holds/", holds.Holds.as_view(), name="holds"),
    path(f"{OF}holds/<uuid:hold>/", holds.OneHold.as_view(), name="hold"),
]
about_events = [
    path(f"{OF}events/", events.Events.as_view(), name="events"),
    path(f"{OF}events/<uuid:event>/", events.OneEvent.as_view(), name="event"),
    path(f"{OF}messages/", messages.Messages.as_view(), name="messages"),
    path(f"{OF}messages/<uuid:message>/", messages.OneMessage.as_view(), name="message"),
    path(f"{OF}messages/<uuid:message>/resend/", messages.Resend.as_view(), name="resend_message"),
]
about_webhooks = [
    path(f"{OF}subscriptions/", subscriptions.Subscriptions.as_view(), name="subscriptions"),
    path(HOOK, subscriptions.OneSubscription.as_view(), name="subscription"),
    path(f"{HOOK}rotate-secret/", subscriptions.RotateSecret.as_view(), name="rotate_secret"),
    path(f"{HOOK}enable/", subscriptions.Enable.as_view(), name="enable_subscription"),
    path(f"{HOOK}disable/", subscriptions.Disable.as_view(), name="disable_subscription"),
    path(f"{HOOK}test/", deliveries.SendTest.as_view(), name="test_subscription"),
    path(f"{HOOK}redeliver/", deliveries.RedeliverRange.as_view(), name="redeliver_range"),
    path(f"{HOOK}deliveries/", deliveries.Deliveries.as_view(), name="deliveries"),
    path(f"{HOOK}deliveries/<uuid:delivery>/", deliveries.OneDelivery.as_view(), name="delivery"),
    path(
        f"{HOOK}deliveries/<uuid:delivery>/redeliver/",
        deliveries.Redeliver.as_view(),
        name="redeliver_one",
    ),
]
urlpatterns = [
    path("", entry.Entry.as_view(), name="entry"),
    path("schema/", description.Schema.as_view(), name="schema"),
    path("public/businesses/<slug:slug>/", include("bookings.faces.api.public_urls")),
    path("businesses/", businesses.Businesses.as_view(), name="businesses"),
    path(OF, businesses.OneBusiness.as_view(), name="business"),
    path(f"{OF}hours/", hours.BusinessHours.as_view(), name="business_hours"),
    path(f"{OF}services/", services.Services.as_view(), name="services"),
    path(f"{OF}services/<uuid:service>/", services.OneService.as_view(), name="service"),
    path(f"{OF}services/<uuid:service>/archive/", services.Archiving.as_view(), name="archive"),
    path(f"{OF}questions/", questions.Questions.as_view(), name="questions"),
    path(f"{OF}questions/<uuid:question>/", questions.OneQuestion.as_view(), name="question"),
    path(f"{OF}resources/", resources.Resources.as_view(), name="resources"),
    path(f"{OF}resources/<uuid:resource>/", resources.OneResource.as_view(), name="resource"),
    path(
        f"{OF}resources/<uuid:resource>/hours/",
        hours.ResourceHours.as_view(),
        name="resource_hours",
    ),
    path(f"{OF}resources/<uuid:resource>/link/", resources.Linking.as_view(), name="link"),
    path(f"{OF}resources/<uuid:resource>/ask/", resources.Asking.as_view(), name="ask"),
    path(f"{OF}times-off/", times_off.TimesOff.as_view(), name="times_off"),
    path(f"{OF}times-off/<uuid:time_off>/", times_off.OneTimeOff.as_view(), name="time_off"),
    path(
        f"{OF}times-off/<uuid:time_off>/in-the-way/",
        times_off.InTheWay.as_view(),
        name="in_the_way",
    ),
    path(f"{OF}availability/starts/", availability.Starts.as_view(), name="starts"),
    path(f"{OF}availability/days/", availability.Days.as_view(), name="days"),
    path(f"{OF}availability/why-not/", availability.WhyNot.as_view(), name="why_not"),
    *about_appointments,
    *about_bookings,
    *about_customers,
    *about_people,
    *about_events,
    *about_webhooks,
    re_path(r"^public/", NothingPublic.as_view(), name="nothing_public"),
    re_path(r"^[\s\S]*$", NotThere.as_view(), name="not_there"),
]
