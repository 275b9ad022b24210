"""What belongs to a service: who gives it, what it asks, hours of its own; replaced as wholes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.duration import duration_iso_string

from bookings.engine.weekly import Rule, overlapping
from bookings.errors import Invalid, NotFound, _
from bookings.models import (
    AvailabilityRange,
    HoursRule,
    Question,
    Reminder,
    Resource,
    Service,
    ServiceQuestion,
    ServiceResource,
)
from bookings.models.reminder import MOST_REMINDERS, told_twice


@dataclass(frozen=True)
class Gives:
    """Somebody who gives a service, or a room that it needs; the lowest priority comes first."""

    resource: Resource
    priority: int = 1


@dataclass(frozen=True)
class Asks:
    """A question that a service asks."""

    question: Question
    is_required: bool = False


@dataclass(frozen=True)
class Between:
    """Days on which a service's availability differs, and its hours then where it is weekly."""

    first_day: date
    last_day: date
    availability: str
    week: tuple[Rule, ...] = ()


@dataclass(frozen=True)
class Tells:
    """What a service says by itself before or after its appointments; as in `Reminder`."""

    kind: str
    offset: timedelta
    recipients: str
    channel: str
    text: str = ""


@dataclass(frozen=True)
class Belongings:
    """What belongs to a service, each list whole; None stays as it is.

    Questions are in the order in which they are asked; of several ranges that cover a day the
    last one counts.
    """

    resources: Sequence[Gives] | None = None
    questions: Sequence[Asks] | None = None
    week: Sequence[Rule] | None = None
    ranges: Sequence[Between] | None = None
    reminders: Sequence[Tells] | None = None


AS_THEY_ARE: Final = Belongings()


def refuse_wrong(service: Service, belongings: Belongings) -> None:
    """Refuse what cannot belong to a service. Cost: none.

    Raises:
        Invalid: somebody or something is named twice, two times overlap, a range ends before it
            begins, a reminder cannot be; the fields are named `resources.0`, `questions.0`,
            `week-0` (Monday), `ranges.0`, and `reminders.0` or `reminders`.
        NotFound: somebody or something of another business.
    """
    gives, asks = belongings.resources or (), belongings.questions or ()
    owners = {each.resource.business_id for each in gives}
    if not owners | {each.question.business_id for each in asks} <= {service.business_id}:
        raise NotFound()
    wrong = _twice("resources", [each.resource.pk for each in gives])
    wrong |= _twice("questions", [each.question.pk for each in asks])
    if clash := overlapping(belongings.week or ()):
        wrong[f"week-{clash[1][0]}"] = _("Two times overlap here.")
    for place, each in enumerate(belongings.ranges or ()):
        if each.last_day < each.first_day:
            wrong[_at("ranges", place)] = _("The last day is not before the first.")
        elif overlapping(each.week):
            wrong[_at("ranges", place)] = _("Two times overlap here.")
    wrong |= _reminders_wrong(service, belongings.reminders or ())
    if wrong:
        raise Invalid(wrong)


def write_down(
    service: Service, belongings: Belongings
) -> tuple[dict[str, object], dict[str, object]]:
    """Replace what belongs to a service; return what has changed as it was, and as it is now.

    Both by the names of the lists, as events keep them. A list that is as it was is not written.
    Cost: at most five queries for each list that is given, and one for each range.
    """
    before: dict[str, object] = {}
    after: dict[str, object] = {}
    for name, kept in _LISTS.items():
        wanted = getattr(belongings, name)
        if wanted is None:
            continue
        was, becomes = kept.told(kept.read(service)), kept.told(wanted)
        if was != becomes:
            kept.write(service, wanted)
            before[name], after[name] = was, becomes
    return before, after


def _at(name: str, place: int) -> str:
    return f"{name}.{place}"


def _twice(name: str, numbers: Sequence[int]) -> dict[str, str]:
    return {
        _at(name, place): _("This is named twice.")
        for place, number in enumerate(numbers)
        if number in numbers[:place]
    }


def _reminders_wrong(service: Service, wanted: Sequence[Tells]) -> dict[str, str]:
    rules = [Reminder(service=service, **asdict(each)) for each in wanted]
    wrong: dict[str, str] = {}
    for place, rule in enumerate(rules):
        try:
            rule.full_clean(exclude={"service"}, validate_unique=False)
        except ValidationError as refusal:
            wrong[_at("reminders", place)] = refusal.messages[0]
        if rule.offset % timedelta(minutes=1):
            wrong[_at("reminders", place)] = _("Seconds are not counted: give whole minutes.")
    if not wrong and told_twice(rules) is not None:
        wrong["reminders"] = _("Two of these tell somebody the same thing at the same time.")
    if len(rules) > MOST_REMINDERS:
        wrong["reminders"] = _("A service has at most ten reminders and follow-ups.")
    return wrong


def _resources(service: Service) -> list[Gives]:
    links = service.links.select_related("resource").order_by("priority", "pk")
    return [Gives(each.resource, each.priority) for each in links]


def _write_resources(service: Service, wanted: Sequence[Gives]) -> None:
    service.links.all().delete()
    ServiceResource.objects.bulk_create(
        ServiceResource(service=service, resource=each.resource, priority=each.priority)
        for each in wanted
    )


def _tell_resources(given: Iterable[Gives]) -> list[object]:
    by_priority = sorted(given, key=lambda each: each.priority)
    return [[str(each.resource.public_id), each.priority] for each in by_priority]


def _questions(service: Service) -> list[Asks]:
    links = service.asks.select_related("question").order_by("position", "pk")
    return [Asks(each.question, each.is_required) for each in links]


def _write_questions(service: Service, wanted: Sequence[Asks]) -> None:
    service.asks.all().delete()
    ServiceQuestion.objects.bulk_create(
        ServiceQuestion(
            service=service, question=each.question, is_required=each.is_required, position=place
        )
        for place, each in enumerate(wanted)
    )


def _tell_questions(given: Iterable[Asks]) -> list[object]:
    return [[str(each.question.public_id), each.is_required] for each in given]


def _week(owner: Service | AvailabilityRange) -> tuple[Rule, ...]:
    return tuple(owner.hours.values_list("weekday", "opens", "closes"))


def _write_week(service: Service, wanted: Sequence[Rule]) -> None:
    service.hours.all().delete()
    HoursRule.objects.bulk_create(_rules(service, wanted, service=service))


def _tell_week(given: Iterable[Rule]) -> list[object]:
    return [[day, f"{opens:%H:%M}", f"{closes:%H:%M}"] for day, opens, closes in sorted(given)]


def _ranges(service: Service) -> list[Between]:
    rows = service.ranges.order_by("created_at", "pk")
    return [Between(each.first_day, each.last_day, each.availability, _week(each)) for each in rows]


def _write_ranges(service: Service, wanted: Sequence[Between]) -> None:
    service.ranges.all().delete()
    for each in wanted:
        made = AvailabilityRange.objects.create(
            service=service,
            first_day=each.first_day,
            last_day=each.last_day,
            availability=each.availability,
        )
        HoursRule.objects.bulk_create(_rules(service, each.week, range=made))


def _tell_ranges(given: Iterable[Between]) -> list[object]:
    return [
        [str(each.first_day), str(each.last_day), each.availability, _tell_week(each.week)]
        for each in given
    ]


def _reminders(service: Service) -> list[Tells]:
    rows = service.reminders.order_by("kind", "-offset", "pk")
    return [_tells(each) for each in rows]


def _tells(row: Reminder) -> Tells:
    return Tells(row.kind, row.offset, row.recipients, row.channel, row.text)


def _write_reminders(service: Service, wanted: Sequence[Tells]) -> None:
    """Keep the rules that are wanted still: by their ids it is known what they have said."""
    kept = {_tells(each): each for each in service.reminders.all()}
    gone = [row.pk for tells, row in kept.items() if tells not in wanted]
    service.reminders.filter(pk__in=gone).delete()
    Reminder.objects.bulk_create(
        Reminder(service=service, **asdict(each)) for each in wanted if each not in kept
    )


def _tell_reminders(given: Iterable[Tells]) -> list[object]:
    return [
        *sorted(
            [each.kind, duration_iso_string(each.offset), each.recipients, each.channel, each.text]
            for each in given
        )
    ]


def _rules(of: Service, week: Iterable[Rule], **owner: Any) -> list[HoursRule]:
    return [
        HoursRule(business_id=of.business_id, weekday=day, opens=opens, closes=closes, **owner)
        for day, opens, closes in week
    ]


@dataclass(frozen=True)
class _List:
    """How one of the lists is read, written, and told."""

    read: Callable[[Service], Sequence[Any]]
    write: Callable[[Service, Sequence[Any]], None]
    told: Callable[[Iterable[Any]], list[object]]


_LISTS: Final = {
    "resources": _List(_resources, _write_resources, _tell_resources),
    "questions": _List(_questions, _write_questions, _tell_questions),
    "week": _List(_week, _write_week, _tell_week),
    "ranges": _List(_ranges, _write_ranges, _tell_ranges),
    "reminders": _List(_reminders, _write_reminders, _tell_reminders),
}
