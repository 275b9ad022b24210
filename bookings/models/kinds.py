"""Every kind of event that is recorded, in one list, from which subscriptions choose."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

KINDS: Final[Mapping[str, str | Promise]] = {
    "booking.requested": _("A customer asks for a time that needs approval."),
    "booking.confirmed": _("A booking is made, or a request approved."),
    "booking.declined": _("A request is declined."),
    "booking.reconfirmed": _("A customer says once more that they will come."),
    "booking.rescheduled": _("A booking has another time."),
    "booking.reassigned": _("A booking has other people to serve it."),
    "booking.left": _("A booking moved away from this appointment."),
    "booking.cancelled": _("A booking is cancelled."),
    "booking.checked_in": _("A customer is here."),
    "booking.check_in_cleared": _("That a customer is here is taken back."),
    "booking.completed": _("A booking is completed."),
    "booking.completion_cleared": _("That a booking is completed is taken back."),
    "booking.no_show": _("A customer did not come."),
    "booking.no_show_cleared": _("That a customer did not come is taken back."),
    "booking.rederived": _("A booking follows a change of time-zone law."),
    "booking.texts_ended": _("A customer wants no more text messages about a booking."),
    "appointment.rescheduled": _("An appointment has another time, with all its bookings."),
    "appointment.reassigned": _("An appointment has other people to serve it."),
    "appointment.cancelled": _("An appointment is cancelled with all its bookings."),
    "appointment.rederived": _("An appointment follows a change of time-zone law."),
    "appointment.noted": _("The internal notes of an appointment have changed."),
    "choice.made": _("A question that was put by mail is answered."),
    "message.resent": _("A letter is sent again."),
    "customer.added": _("A customer is added."),
    "customer.changed": _("What is known of a customer has changed."),
    "customer.merged": _("Two customers are one."),
    "customer.opted_out": _("A customer wants nothing but news of their bookings."),
    "customer.opted_in": _("A customer wants reminders again."),
    "customer.exported": _("What is stored about a customer was taken away."),
    "customer.texts_stopped": _("A customer has answered STOP to a text message."),
    "customer.texts_started": _("A customer wants text messages again."),
    "customer.erased": _("A customer is erased."),
    "time_off.taken": _("Time off is entered."),
    "time_off.changed": _("Time off has changed."),
    "time_off.cancelled": _("Time off is deleted."),
    "hours.changed": _("Opening or working hours have changed."),
    "staff.added": _("A person or a room is added."),
    "staff.changed": _("A person or a room has changed."),
    "staff.linked": _("Somebody signs in as a person who serves, or no longer does."),
    "member.role_changed": _("Somebody has another role."),
    "member.removed": _("Somebody has no role any more."),
    "invitation.sent": _("Somebody is invited."),
    "invitation.withdrawn": _("An invitation is withdrawn."),
    "invitation.accepted": _("An invitation is accepted."),
    "invitation.declined": _("An invitation is declined."),
    "subscription.created": _("A webhook is made."),
    "subscription.changed": _("A webhook has another address or other events."),
    "subscription.rotated": _("A webhook has a new secret."),
    "subscription.disabled": _("A webhook is switched off, by somebody or because it fails."),
    "subscription.enabled": _("A webhook is switched on again."),
    "subscription.deleted": _("A webhook is deleted."),
    "subscription.redelivered": _("Somebody lets a webhook hear once more what it was told."),
    "subscription.test": _("A test, sent to one webhook alone."),
    "feed.made": _("Somebody makes a calendar feed."),
    "feed.revoked": _("The address of a calendar feed no longer works."),
    "business.set_up": _("The business is set up."),
}
"""Kind → when it happens, in a sentence; in the order in which people read them."""
