"""Makes rows of a case and plays its steps through the commands and queries."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from bookings import commands
from bookings.commands import Actor
from bookings.engine.hours import at_minute, day_span
from bookings.engine.policy import Override
from bookings.errors import BookingError
from bookings.models import (
    Appointment,
    AvailabilityRange,
    Booking,
    HoursException,
    HoursRule,
    Resource,
    Service,
    TimeOff,
)
from bookings.queries import availability
from tests import make
from tests.scenarios.cases import WEEKDAYS, YEARS_AHEAD, Case, instant, instants

STAFF = Actor("staff")
ANYWHEN = frozenset({Override.HOURS, Override.LEAD, Override.LIMITS})


def clocks(text: str) -> dict[str, time]:
    """Return the times of `"09:00-24:00"`; midnight as an end is 00:00."""
    opens, closes = text.replace("24:00", "00:00").split("-")
    return {"opens": time.fromisoformat(opens), "closes": time.fromisoformat(closes)}


class World:
    """The business of a case: its people, its service, and the bookings made so far."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.now = instant(case["asked"]["now"])
        self.zone = case.get("zone", "UTC")
        self.business = make.business(
            hours="",
            zone=self.zone,
            minimum_lead=timedelta(minutes=case.get("lead", 0)),
            maximum_advance=timedelta(minutes=case.get("advance", YEARS_AHEAD)),
            cancellation_notice=timedelta(0),
            grid=case.get("grid", "hours"),
            resource_daily_limit=case.get("daily_limit"),
            resource_weekly_limit=case.get("weekly_limit"),
        )
        self.people = [self._resource(person, "staff") for person in case["staff"]]
        others = zip(case.get("others", ()), ("room", "equipment"), strict=False)
        pools = [self._resource(each, kind) for pool, kind in others for each in pool]
        self.service = self._service(case["service"], [*self.people, *pools])
        for person, row in zip(case["staff"], self.people, strict=True):
            for item in person.get("taken", ()):
                self._take(row, item)
        self.named: dict[str, Booking] = {}
        self.tokens: dict[str, str] = {}

    def starts(self, moving: str | None = None) -> list[datetime]:
        """Return what is offered in the window of the case."""
        found = availability.starts(
            self.service,
            lo=instant(self.case["asked"]["from"]),
            hi=instant(self.case["asked"]["to"]),
            now=self.now,
            moving=self.named[moving] if moving else None,
        )
        return [start.at for start in found]

    def play(self, step: Case) -> None:
        """Do one step, and hold it against what it gives."""
        code = None
        try:
            getattr(self, f"do_{step['do']}")(step)
        except BookingError as refusal:
            code = refusal.code
        assert code == step.get("gives"), step

    def do_book(self, step: Case) -> None:
        who = step.get("staff")
        booked = commands.book(
            service=self._service(step["service"], self.people)
            if "service" in step
            else self.service,
            starts_at=instant(step["at"]),
            staff=None if who is None else self.people[who],
            seats=step.get("seats", 1),
            contact=make.contact(),
            answers={},
            now=self.now,
        )
        self.named[step.get("as", "")] = booked.booking

    def do_hold(self, step: Case) -> None:
        held = commands.hold(service=self.service, starts_at=instant(step["at"]), now=self.now)
        self.named[step.get("as", "")] = held.booking
        self.tokens[step.get("as", "")] = held.token

    def do_confirm(self, step: Case) -> None:
        held = self.named[step["booking"]]
        booked = commands.book(
            service=self.service,
            starts_at=held.appointment.starts_at,
            contact=make.contact(),
            answers={},
            now=self.now,
            hold=self.tokens[step["booking"]],
        )
        assert (booked.booking, booked.booking.state) == (held, "confirmed")

    def do_wait(self, step: Case) -> None:
        self.now += timedelta(minutes=step["minutes"])

    def do_pend(self, step: Case) -> None:
        Booking.objects.filter(pk=self.named[step["booking"]].pk).update(state="pending")

    def do_move(self, step: Case) -> None:
        booking = self.named[step["booking"]]
        commands.reschedule(booking=booking, starts_at=instant(step["at"]), now=self.now)

    def do_cancel(self, step: Case) -> None:
        commands.cancel_booking(booking=self.named[step["booking"]], now=self.now)

    def do_look(self, step: Case) -> None:
        assert self.starts(step.get("moving")) == instants(step["starts"]), step

    def do_places(self, step: Case) -> None:
        at = instant(step["at"])
        found = availability.starts(self.service, lo=at, hi=at + timedelta(minutes=1), now=self.now)
        assert sum(start.seats_left for start in found) == step["left"], step

    def do_count(self, step: Case) -> None:
        scheduled = Appointment.objects.filter(state="scheduled", business=self.business)
        assert scheduled.count() == step["appointments"], step

    def _resource(self, person: Case, kind: str) -> Resource:
        row = make.staff(self.business, kind=kind, zone=person.get("zone", ""))
        for names, texts in person.get("hours", {}).items():
            HoursRule.objects.bulk_create(
                HoursRule(
                    business=self.business,
                    resource=row,
                    weekday=WEEKDAYS.index(name),
                    **clocks(text),
                )
                for name in (WEEKDAYS if names == "daily" else names.split())
                for text in texts
            )
        for day, texts in person.get("dated", {}).items():
            HoursException.objects.bulk_create(
                HoursException(business=self.business, resource=row, day=day, **each)
                for each in (map(clocks, texts) if texts else [{}])
            )
        for day in map(date.fromisoformat, person.get("away", ())):
            start, end = map(at_minute, day_span(day, day, self.zone))
            self._absence(row, start, end)
        return row

    def _absence(self, row: Resource, start: datetime, end: datetime) -> None:
        TimeOff.objects.create(business=self.business, resource=row, starts_at=start, ends_at=end)

    def _service(self, service: Case, by: list[Resource]) -> Service:
        made = make.service(
            self.business,
            by=by,
            duration=timedelta(minutes=service["duration"]),
            interval=timedelta(minutes=service.get("interval", 1)),
            buffer_before=timedelta(minutes=service.get("before", 0)),
            buffer_after=timedelta(minutes=service.get("after", 0)),
            capacity=service.get("capacity", 1),
            assignment="all" if self.case.get("together") else "any",
            availability="none" if "ranges" in self.case else "staff",
        )
        for first, last in self.case.get("ranges", ()):
            AvailabilityRange.objects.create(
                service=made, first_day=first, last_day=last, availability="staff"
            )
        return made

    def _take(self, row: Resource, item: Case) -> None:
        start, end = instant(item["from"]), instant(item["to"])
        if item.get("outside"):
            if start < end:
                self._absence(row, start, end)
            return
        before, after = item.get("buffers", (0, 0))
        length = (end - start) // timedelta(minutes=1)
        other = self._service({"duration": length, "before": before, "after": after}, [row])
        other.ranges.all().delete()
        commands.book(
            service=other,
            starts_at=start,
            contact=make.contact(),
            answers={},
            now=self.now,
            actor=STAFF,
            overrides=ANYWHEN,
            because="as the case has it",
        )
