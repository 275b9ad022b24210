"""Decisions: one function per use case, keyword-only, each one transaction of its own."""

from __future__ import annotations

from bookings.commands.absence import Absence, cancel_time_off, change_time_off, take_time_off
from bookings.commands.actor import CUSTOMER, SYSTEM, Actor
from bookings.commands.attending import (
    check_in,
    clear_check_in,
    clear_completion,
    clear_no_show,
    complete,
    mark_no_show,
)
from bookings.commands.belongings import Asks, Belongings, Between, Gives, Tells
from bookings.commands.booking import Booked, add_attendee, book
from bookings.commands.businesses import change_business
from bookings.commands.calls import ANSWERS_KEPT, forget_calls
from bookings.commands.cancelling import cancel_appointment, cancel_booking
from bookings.commands.choosing import choose, why_not_choose
from bookings.commands.contact import Contact
from bookings.commands.customers import add_customer, change_customer, record_export
from bookings.commands.deciding import approve, decline
from bookings.commands.decision import BookingDecision, Company, accompanied
from bookings.commands.erasing import erase_customer
from bookings.commands.feeds import feed_for, make_feed, renew_feed, revoke_feed
from bookings.commands.hearing import hear
from bookings.commands.holding import (
    HOLD,
    Held,
    forget_expired,
    hold,
    let_go,
    release,
    sweep_expired,
)
from bookings.commands.hours import set_hours
from bookings.commands.inviting import (
    accept_invitation,
    ask_staff,
    decline_invitation,
    invite,
    withdraw_invitation,
)
from bookings.commands.merging import merge_customers
from bookings.commands.mine import send_my_bookings
from bookings.commands.moving import reschedule
from bookings.commands.moving_all import reassign, reschedule_appointment
from bookings.commands.noting import write_notes
from bookings.commands.offering import offer_free_places
from bookings.commands.opting import opt_in, opt_out
from bookings.commands.people import change_role, remove_member
from bookings.commands.questions import add_question, change_question, delete_question
from bookings.commands.reconfirming import reconfirm
from bookings.commands.redelivering import redeliver, redeliver_between, send_test_event
from bookings.commands.reminding import expect_new_rules, lock_rules, replan
from bookings.commands.resending import resend
from bookings.commands.services import add_service, archive_service, change_service
from bookings.commands.setting_up import Beginning, FirstService, set_up_business, why_not_set_up
from bookings.commands.staff import (
    Person,
    add_staff,
    add_thing,
    change_staff,
    link_staff,
    welcome_staff,
)
from bookings.commands.subscriptions import (
    Wanted,
    change_subscription,
    disable_subscription,
    enable_subscription,
    rotate_secret,
    subscribe,
    unsubscribe,
)
from bookings.commands.texting import end_texts
from bookings.commands.tokens import (
    choice_token,
    feed_token,
    invitation_token,
    live_manage_token,
    manage_token,
    opt_out_token,
)
from bookings.commands.waiting import join_waitlist, leave_waitlist, take_place
from bookings.commands.zones import Moved, rederive

__all__ = [
    "ANSWERS_KEPT",
    "CUSTOMER",
    "HOLD",
    "SYSTEM",
    "Absence",
    "Actor",
    "Asks",
    "Beginning",
    "Belongings",
    "Between",
    "Booked",
    "BookingDecision",
    "Company",
    "Contact",
    "FirstService",
    "Gives",
    "Held",
    "Moved",
    "Person",
    "Tells",
    "Wanted",
    "accept_invitation",
    "accompanied",
    "add_attendee",
    "add_customer",
    "add_question",
    "add_service",
    "add_staff",
    "add_thing",
    "approve",
    "archive_service",
    "ask_staff",
    "book",
    "cancel_appointment",
    "cancel_booking",
    "cancel_time_off",
    "change_business",
    "change_customer",
    "change_question",
    "change_role",
    "change_service",
    "change_staff",
    "change_subscription",
    "change_time_off",
    "check_in",
    "choice_token",
    "choose",
    "clear_check_in",
    "clear_completion",
    "clear_no_show",
    "complete",
    "decline",
    "decline_invitation",
    "delete_question",
    "disable_subscription",
    "enable_subscription",
    "end_texts",
    "erase_customer",
    "expect_new_rules",
    "feed_for",
    "feed_token",
    "forget_calls",
    "forget_expired",
    "hear",
    "hold",
    "invitation_token",
    "invite",
    "join_waitlist",
    "leave_waitlist",
    "let_go",
    "link_staff",
    "live_manage_token",
    "lock_rules",
    "make_feed",
    "manage_token",
    "mark_no_show",
    "merge_customers",
    "offer_free_places",
    "opt_in",
    "opt_out",
    "opt_out_token",
    "reassign",
    "reconfirm",
    "record_export",
    "redeliver",
    "redeliver_between",
    "rederive",
    "release",
    "remove_member",
    "renew_feed",
    "replan",
    "reschedule",
    "reschedule_appointment",
    "resend",
    "revoke_feed",
    "rotate_secret",
    "send_my_bookings",
    "send_test_event",
    "set_hours",
    "set_up_business",
    "subscribe",
    "sweep_expired",
    "take_place",
    "take_time_off",
    "unsubscribe",
    "welcome_staff",
    "why_not_choose",
    "why_not_set_up",
    "withdraw_invitation",
    "write_notes",
]
