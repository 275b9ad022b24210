"""Whatever customers do in whatever order, rows and offers stay what a plain diary says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TypeAlias, TypeVar

import pytest
from django.db import transaction
from django.db.models import QuerySet
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from bookings import commands
from bookings.commands import HOLD, Held
from bookings.engine.hours import at_minute
from bookings.errors import BookingError
from bookings.models import Appointment, Booking, Claim, Event, Resource, Service
from bookings.queries import availability
from tests import make
from tests.make import NOW, at
from tests.queries.diary import Diary, Meeting

Result = TypeVar("Result")

CLOCKS = st.sampled_from(["09:00", "09:30", "10:00", "10:30", "11:00", "11:30", "10:10", "12:00"])
WHO = st.sampled_from([None, None, 0, 1])
WHICH = st.sampled_from(["visit", "group"])
SEATS = st.integers(1, 3)
Holds: TypeAlias = Held | MultipleResults[Held]
Bookings: TypeAlias = Booking | MultipleResults[Booking]
LIVE = ("held", "pending", "confirmed")


class Customers(RuleBasedStateMachine):
    """Two people, one of whom leads groups of three too, and tomorrow morning."""

    holds: Bundle[Held] = Bundle("holds")
    bookings: Bundle[Booking] = Bundle("bookings")

    def __init__(self) -> None:
        super().__init__()
        self.all_or_nothing = transaction.atomic()
        self.all_or_nothing.__enter__()
        self.now = NOW
        business = make.business(hours="09:00-12:00", cancellation_notice=timedelta(0))
        self.people = [make.staff(business), make.staff(business)]
        visit = make.service(business, by=self.people, buffer_after=timedelta(minutes=10))
        group = make.service(business, by=self.people[:1], duration=timedelta(hours=1), capacity=3)
        self.services = {"visit": visit, "group": group}
        numbers = [person.pk for person in self.people]
        self.diary = Diary(at("00:00"), {visit.pk: numbers, group.pk: numbers[:1]})

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.all_or_nothing.__exit__(None, None, None)

    @rule(target=holds, which=WHICH, clock=CLOCKS, who=WHO, seats=SEATS)
    def hold(self, which: str, clock: str, who: int | None, seats: int) -> Holds:
        return self._hold(which, clock, who, seats, None)

    @rule(target=holds, old=holds, which=WHICH, clock=CLOCKS, who=WHO, seats=SEATS)
    def hold_instead(self, old: Held, which: str, clock: str, who: int | None, seats: int) -> Holds:
        return self._hold(which, clock, who, seats, old)

    @rule(target=bookings, held=consumes(holds))
    def confirm(self, held: Held) -> Bookings:
        number = self.diary.meeting_of(held.booking.pk)
        booked = self._attempt(
            lambda: self._book(held.booking.appointment.service, hold=held.token),
            is_allowed=number is not None,
        )
        if booked is None or number is None:
            return multiple()
        self.diary.meetings[number].holds.pop(held.booking.pk)
        return booked

    @rule(held=consumes(holds))
    def release(self, held: Held) -> None:
        commands.release(token=held.token, now=self.now)
        self.diary.leave(held.booking.pk)

    @rule(target=bookings, which=WHICH, clock=CLOCKS, who=WHO, seats=SEATS)
    def book(self, which: str, clock: str, who: int | None, seats: int) -> Bookings:
        service, start = self.services[which], at(clock)
        booked = self._attempt(
            lambda: self._book(service, starts_at=start, who=who, seats=seats),
            is_allowed=start in self._offered(service, seats, who),
        )
        if booked is None:
            return multiple()
        self._enter(booked, None)
        return booked

    @rule(booking=bookings, clock=CLOCKS, who=WHO)
    def move(self, booking: Booking, clock: str, who: int | None) -> None:
        number, start = self.diary.meeting_of(booking.pk), at(clock)
        meeting = self.diary.meetings.get(number or 0)
        is_allowed = False
        if meeting is not None:
            moving = number if len(meeting.seats) == 1 else None
            offered = self._offered(meeting.service, meeting.seats[booking.pk], who, moving)
            is_allowed = start in offered or (start == meeting.start and who is None)
        moved = self._attempt(
            lambda: commands.reschedule(
                booking=booking, starts_at=start, staff=self._person(who), now=self.now
            ),
            is_allowed=is_allowed,
        )
        if moved is not None:
            self._enter(moved, number)

    @rule(booking=bookings)
    def cancel(self, booking: Booking) -> None:
        commands.cancel_booking(booking=booking, now=self.now)
        self.diary.leave(booking.pk)

    @rule(minutes=st.integers(1, 4))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        self.diary.expire(self.now)

    @rule(who=WHO, clock=CLOCKS, minutes=st.sampled_from([15, 30, 45]))
    def take_time_off(self, who: int | None, clock: str, minutes: int) -> None:
        start, person = at(clock), self._person(who)
        end = start + timedelta(minutes=minutes)
        commands.take_time_off(
            business=self.services["visit"].business,
            resources=[person] if person else [],
            starts_at=start,
            ends_at=end,
            now=self.now,
        )
        self.diary.absences.append((person.pk if person else None, start, end))

    @invariant()
    def the_diary_holds_before_and_after_the_sweep(self) -> None:
        self._offers_are_what_the_diary_says()
        if commands.sweep_expired(now=self.now):
            self._offers_are_what_the_diary_says()
        self._rows_are_what_the_diary_says()
        self._claims_belong_to_meetings_and_never_overlap()
        self._every_change_has_its_number()

    def _offers_are_what_the_diary_says(self) -> None:
        for service, seats in [("visit", 1), ("group", 1), ("group", 2)]:
            found = availability.starts(
                self.services[service],
                lo=at("00:00"),
                hi=at("00:00", days=2),
                now=self.now,
                seats=seats,
            )
            assert [start.at for start in found] == self._offered(self.services[service], seats)

    def _rows_are_what_the_diary_says(self) -> None:
        scheduled = {row.pk: row for row in self._appointments().filter(state="scheduled")}
        assert scheduled.keys() == self.diary.meetings.keys()
        for number, meeting in self.diary.meetings.items():
            row = scheduled[number]
            live = dict(row.bookings.filter(state__in=LIVE).values_list("pk", "seats"))
            assert live == meeting.seats
            assert row.seats_taken == sum(live.values()) <= row.capacity
            assert (row.starts_at, row.ends_at - row.starts_at) == (
                meeting.start,
                meeting.service.duration,
            )

    def _claims_belong_to_meetings_and_never_overlap(self) -> None:
        claims = Claim.objects.filter(appointment__in=self._appointments())
        rows = sorted(claims.values_list("resource_id", "s", "e", "appointment_id"))
        assert all(a[0] != b[0] or a[2] <= b[1] for a, b in pairwise(rows))
        assert [(who, at_minute(s), at_minute(e), number) for who, s, e, number in rows] == sorted(
            (
                who,
                meeting.start - meeting.service.buffer_before,
                meeting.start + meeting.service.duration + meeting.service.buffer_after,
                number,
            )
            for number, meeting in self.diary.meetings.items()
            for who in meeting.crew
        )

    def _every_change_has_its_number(self) -> None:
        for row in self._appointments():
            versions = Event.objects.filter(appointment=row).order_by("version")
            assert list(versions.values_list("version", flat=True)) == list(
                range(1, row.version + 1)
            )

    def _appointments(self) -> QuerySet[Appointment]:
        return Appointment.objects.filter(business=self.services["visit"].business)

    def _offered(
        self, service: Service, seats: int, who: int | None = None, moving: int | None = None
    ) -> list[datetime]:
        person = self._person(who)
        return self.diary.offered(service, seats, person.pk if person else None, moving)

    def _person(self, who: int | None) -> Resource | None:
        return None if who is None else self.people[who]

    def _attempt(self, command: Callable[[], Result], *, is_allowed: bool) -> Result | None:
        """Return what a command gives, or None where it refuses, as the diary foretold."""
        try:
            result = command()
        except BookingError:
            assert not is_allowed
            return None
        assert is_allowed
        return result

    def _hold(self, which: str, clock: str, who: int | None, seats: int, old: Held | None) -> Holds:
        service, start = self.services[which], at(clock)
        number = self.diary.meeting_of(old.booking.pk) if old else None
        alone = number is not None and len(self.diary.meetings[number].seats) == 1
        held = self._attempt(
            lambda: commands.hold(
                service=service,
                starts_at=start,
                staff=self._person(who),
                seats=seats,
                now=self.now,
                replacing=old.token if old else "",
            ),
            is_allowed=start in self._offered(service, seats, who, number if alone else None),
        )
        if held is None:
            return multiple()
        if old is not None:
            self.diary.leave(old.booking.pk)
        self._enter(held.booking, None)
        number = held.booking.appointment_id
        self.diary.meetings[number].holds[held.booking.pk] = self.now + HOLD
        return held

    def _book(
        self,
        service: Service,
        *,
        starts_at: datetime = NOW,
        who: int | None = None,
        seats: int = 1,
        hold: str = "",
    ) -> Booking:
        return commands.book(
            service=service,
            starts_at=starts_at,
            staff=self._person(who),
            seats=seats,
            contact=make.contact(),
            answers={},
            now=self.now,
            hold=hold,
        ).booking

    def _enter(self, booking: Booking, left: int | None) -> None:
        """Write a booking into the diary where the command has put it, if it may be there."""
        row = Appointment.objects.select_related("service__business").get(pk=booking.appointment_id)
        crew = frozenset(row.resources.values_list("pk", flat=True))
        if left == row.pk:
            meeting = self.diary.meetings[left]
            meeting.start, meeting.crew = row.starts_at, crew
            moving = left
        else:
            self.diary.leave(booking.pk)
            if row.pk in self.diary.meetings:
                self.diary.meetings[row.pk].seats[booking.pk] = booking.seats
                return
            moving = None
            meeting = Meeting(row.service, row.starts_at, crew, {booking.pk: booking.seats})
        assert len(crew) == 1
        assert all(self.diary.is_free(who, row.service, row.starts_at, moving) for who in crew)
        self.diary.meetings[row.pk] = meeting


@pytest.mark.slow
@pytest.mark.django_db
def test_rows_and_offers_follow_the_diary_whatever_happens_in_whatever_order() -> None:
    run_state_machine_as_test(
        Customers,
        settings=settings(
            max_examples=40,
            stateful_step_count=25,
            derandomize=True,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
