"""Fields as they are written to rows: cleaned, compared, and refused one by one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Final

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models.options import Options
from django.utils.duration import duration_iso_string

from bookings.engine.text import clean_line, clean_text
from bookings.errors import Invalid, _

LONGEST: Final = timedelta(days=3650)
"""The longest duration that can be set anywhere."""

Fields = Mapping[str, object]


def differing(row: models.Model, fields: Fields) -> dict[str, object]:
    """Return those of some fields that are not as the row has them, their text cleaned.

    None clears a text.
    """
    cleaned = {name: _cleaned(row, name, value) for name, value in fields.items()}
    return {name: value for name, value in cleaned.items() if value != getattr(row, name)}


def written(row: models.Model, wanted: Fields, *, blames: Mapping[str, str]) -> dict[str, object]:
    """Set fields of a row, which is not saved yet, and return what they were before.

    `blames` names the field that is said to be wrong where a constraint of the row refuses.
    Cost: a query for each constraint, and what the row's own `clean` costs.

    Raises:
        Invalid: with a sentence for each field that cannot be accepted.
    """
    before = {name: getattr(row, name) for name in wanted}
    for name, value in wanted.items():
        setattr(row, name, value)
    wrong = _lengths_wrong(wanted) | _fields_wrong(row, wanted)
    if wrong := wrong or _constraints_wrong(row, blames):
        raise Invalid(wrong)
    return before


def saved(row: models.Model, wanted: Fields, *, taken: Mapping[str, str]) -> None:
    """Save the fields of a row that were written; a new row is saved whole.

    Raises:
        Invalid: as `taken` says, somebody else was faster to take what is there but once.
    """
    try:
        with transaction.atomic():
            if row.pk is None:
                row.save(force_insert=True)
            else:
                row.save(update_fields=list(wanted))
    except IntegrityError as error:
        raise Invalid(taken) from error


def told(fields: Fields) -> dict[str, object]:
    """Return fields as events keep them: ISO 8601 for durations and clocks, decimals as text."""
    return {name: _told(value) for name, value in fields.items()}


def _cleaned(row: models.Model, name: str, value: object) -> object:
    field = _options(row).get_field(name)
    if not isinstance(field, models.CharField | models.TextField):
        return value
    if value is None:
        return ""
    return clean_text(str(value)) if isinstance(field, models.TextField) else clean_line(str(value))


def _lengths_wrong(wanted: Fields) -> dict[str, str]:
    lengths = {name: each for name, each in wanted.items() if isinstance(each, timedelta)}
    wrong: dict[str, str] = {}
    for name, length in lengths.items():
        if length < timedelta(0):
            wrong[name] = _("This cannot be less than nothing.")
        elif length > LONGEST:
            wrong[name] = _("This is longer than ten years.")
        elif length % timedelta(minutes=1):
            wrong[name] = _("Seconds are not counted: give whole minutes.")
    return wrong


def _fields_wrong(row: models.Model, wanted: Fields) -> dict[str, str]:
    others = {field.name for field in _options(row).fields} - set(wanted)
    try:
        row.full_clean(exclude=others, validate_unique=False, validate_constraints=False)
    except ValidationError as refusal:
        return {name: said[0] for name, said in refusal.message_dict.items()}
    return {}


def _constraints_wrong(row: models.Model, blames: Mapping[str, str]) -> dict[str, str]:
    wrong: dict[str, str] = {}
    for constraint in _options(row).constraints:
        try:
            constraint.validate(type(row), row)
        except ValidationError as refusal:
            wrong[blames[constraint.name]] = refusal.messages[0]
    return wrong


def _options(row: models.Model) -> Options[models.Model]:
    return row._meta  # noqa: SLF001  # Django's documentation calls it public


def _told(value: object) -> object:
    if isinstance(value, timedelta):
        return duration_iso_string(value)
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return str(value) if isinstance(value, date | Decimal) else value
