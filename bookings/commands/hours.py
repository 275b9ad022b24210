"""Opening and working hours: replaced as a whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time

from bookings import outbox
from bookings.commands.actor import Actor
from bookings.commands.decision import decision
from bookings.commands.people import locked_business
from bookings.commands.versions import changed_row
from bookings.engine.weekly import Rule, overlapping
from bookings.errors import Invalid, NotFound, _
from bookings.models import Business, HoursException, HoursRule, Resource
from bookings.queries.hours import Dated, Timetable, timetable

MOST_DATES = 200


@decision
def set_hours(
    *,
    business: Business,
    resource: Resource | None,
    week: Sequence[Rule] | None,
    dates: Sequence[Dated],
    since: date,
    seen: str | None = None,
    now: datetime,
    actor: Actor,
) -> Timetable:
    """Replace the hours of a person or room, without one those of the business; return them.

    `week` None means that a person keeps the hours of the business. `dates` are the days from
    `since` on that differ; earlier ones stay as they are. `seen` is the stamp of the hours as
    whoever changes them saw them; None changes whatever is there. What is booked stays,
    wherever it lies now.
    Locks: the business.

    Raises:
        Invalid: two times overlap, a date says two things or is over, or own hours without
            any; the fields are named `week-0` (Monday) and `dates-2031-12-24`.
        ChangedMeanwhile: the hours are not what they saw any more.
        NotFound: a resource of another business.
    """
    if resource is not None and resource.business_id != business.pk:
        raise NotFound()
    _refuse(resource, week, dates, since)
    business = locked_business(business.pk)
    owner = str(resource.public_id if resource else business.public_id)
    before = timetable(business, resource)
    if seen is not None and before.stamp != seen:
        raise changed_row(business, hours=owner, stamp=before.stamp)
    if tuple(sorted(week or ())) != before.week:
        _replace_week(business, resource, week or ())
    if set(dates) != set(before.since(since)):
        _replace_dates(business, resource, dates, since)
    after = timetable(business, resource)
    if after != before:
        outbox.record_alone(
            business=business,
            kind="hours.changed",
            actor=str(actor),
            now=now,
            data={"hours": owner, "stamp": after.stamp, **_told(after)},
        )
    return after


def _replace_week(business: Business, resource: Resource | None, week: Sequence[Rule]) -> None:
    rules = HoursRule.objects.filter(business=business, resource=resource)
    rules.filter(service=None, range=None).delete()
    HoursRule.objects.bulk_create(
        HoursRule(business=business, resource=resource, weekday=day, opens=opens, closes=closes)
        for day, opens, closes in week
    )


def _replace_dates(
    business: Business, resource: Resource | None, dates: Sequence[Dated], since: date
) -> None:
    HoursException.objects.filter(business=business, resource=resource, day__gte=since).delete()
    HoursException.objects.bulk_create(
        HoursException(
            business=business,
            resource=resource,
            day=each.day,
            opens=each.opens,
            closes=each.closes,
        )
        for each in dates
    )


def _refuse(
    resource: Resource | None, week: Sequence[Rule] | None, dates: Sequence[Dated], since: date
) -> None:
    wrong: dict[str, str] = {}
    if resource is not None and week is not None and not week:
        wrong["keeps"] = _("Give at least one time, or keep the hours of the business.")
    if clash := overlapping(week or ()):
        wrong[f"week-{clash[1][0]}"] = _("Two times overlap here.")
    days: dict[date, list[Dated]] = defaultdict(list)
    for each in dates:
        days[each.day].append(each)
    for day, entries in days.items():
        if sentence := _("This day is over.") if day < since else _why_not(day, entries):
            wrong[f"dates-{day}"] = sentence
    if len(dates) > MOST_DATES:
        wrong["dates"] = _("These are too many dates: 200 at most.")
    if wrong:
        raise Invalid(wrong)


def _why_not(day: date, entries: Sequence[Dated]) -> str | None:
    """Return the sentence that refuses what is said about one day, or None."""
    if any((each.opens is None) != (each.closes is None) for each in entries):
        return _("Give both times, or none for a closed day.")
    clocks = [
        (day.weekday(), each.opens, each.closes)
        for each in entries
        if each.opens is not None and each.closes is not None
    ]
    if len(clocks) < len(entries) > 1:
        return _("This day appears twice, and is closed.")
    return _("Two times of this day overlap.") if overlapping(clocks) else None


def _told(hours: Timetable) -> dict[str, object]:
    def clock(at: time | None) -> str | None:
        return None if at is None else f"{at:%H:%M}"

    return {
        "week": [[day, clock(opens), clock(closes)] for day, opens, closes in hours.week],
        "dates": [[str(each.day), clock(each.opens), clock(each.closes)] for each in hours.dates],
    }
