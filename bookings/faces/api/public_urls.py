"""Which address does what for everybody, at the business that the address names."""

from __future__ import annotations

from django.urls import path

from bookings.faces.api.views import public_bookings, public_holds, public_links, public_services

SERVICE = "services/<slug:service>/"
HOLD = "holds/<str:token>/"
BOOKING = "bookings/<str:token>/"

urlpatterns = [
    path("", public_services.PublicBusiness.as_view(), name="public_business"),
    path("services/", public_services.PublicServices.as_view(), name="public_services"),
    path(SERVICE, public_services.PublicService.as_view(), name="public_service"),
    path(f"{SERVICE}starts/", public_services.PublicStarts.as_view(), name="public_starts"),
    path(f"{SERVICE}days/", public_services.PublicDays.as_view(), name="public_days"),
    path(
        f"{SERVICE}full-sessions/",
        public_services.FullSessions.as_view(),
        name="public_full_sessions",
    ),
    path("holds/", public_holds.PublicHolds.as_view(), name="public_holds"),
    path(HOLD, public_holds.PublicHold.as_view(), name="public_hold"),
    path(f"{HOLD}starts/", public_holds.HoldStarts.as_view(), name="public_hold_starts"),
    path(f"{HOLD}days/", public_holds.HoldDays.as_view(), name="public_hold_days"),
    path("waitlist/", public_bookings.PublicWaitlist.as_view(), name="public_waitlist"),
    path("bookings/", public_bookings.PublicBookings.as_view(), name="public_bookings"),
    path(BOOKING, public_links.PublicBooking.as_view(), name="public_booking"),
    path(
        f"{BOOKING}starts/",
        public_links.PublicBookingStarts.as_view(),
        name="public_booking_starts",
    ),
    path(f"{BOOKING}days/", public_links.PublicBookingDays.as_view(), name="public_booking_days"),
    path(
        f"{BOOKING}reschedule/",
        public_links.PublicRescheduling.as_view(),
        name="public_reschedule",
    ),
    path(f"{BOOKING}cancel/", public_links.PublicCancelling.as_view(), name="public_cancel"),
    path(
        f"{BOOKING}reconfirm/", public_links.PublicReconfirming.as_view(), name="public_reconfirm"
    ),
    path(f"{BOOKING}take-place/", public_links.PublicTaking.as_view(), name="public_take"),
    path(f"{BOOKING}leave-waitlist/", public_links.PublicLeaving.as_view(), name="public_leave"),
    path(f"{BOOKING}end-texts/", public_links.PublicEndingTexts.as_view(), name="public_end_texts"),
]
