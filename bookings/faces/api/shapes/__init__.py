"""What is said and what is asked for: the JSON of each resource."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Generic, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    GetPydanticSchema,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError
from pydantic_core.core_schema import (
    no_info_plain_validator_function,
    with_info_plain_validator_function,
)

from bookings.engine.clock import is_zone
from bookings.engine.text import clean_line, clean_text
from bookings.faces.api.shapes.durations import Length
from bookings.faces.reading import read_day, read_instant

ShownT = TypeVar("ShownT", bound="Shown")


class Shown(BaseModel):
    """Something that the API says: every field is always there, null where there is nothing.

    `expandable` are the fields that are null unless a call asks for them (`expand=`).
    """

    expandable: ClassVar[frozenset[str]] = frozenset()

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, serialize_by_alias=True
    )


class Asked(BaseModel):
    """What a program sends: of the right types, nothing that is not known here."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


def _without_defaults(schema: dict[str, Any]) -> None:
    for field in schema.get("properties", {}).values():
        field.pop("default", None)


class Changed(Asked):
    """What a program wants to be otherwise: a field that is not sent stays as it is.

    The defaults of the fields stand for nothing.
    """

    model_config = ConfigDict(json_schema_extra=_without_defaults)

    def sent(self) -> dict[str, Any]:
        """Return what was sent, by field."""
        return {name: getattr(self, name) for name in self.model_fields_set}


Line = Annotated[str, StringConstraints(max_length=300), AfterValidator(clean_line)]
"""One line of text; control characters are taken out."""
Text = Annotated[str, StringConstraints(max_length=10_000), AfterValidator(clean_text)]
"""Several lines of text; control characters are taken out."""

_ADDRESS = {"type": "string", "format": "email", "maxLength": 300}
Email = Annotated[Line, WithJsonSchema({"anyOf": [_ADDRESS, {"type": "string", "maxLength": 0}]})]
"""An e-mail address, empty where there is none; what it has to be, the commands say."""


def refused(code: str, sentence: str) -> PydanticCustomError:
    """Return what a validator raises to refuse a value, said without a full stop."""
    return PydanticCustomError(code, "{said}", {"said": sentence})


def _instant(given: object) -> datetime:
    """Return an instant; a text has its offset, and is no count of seconds since 1970.

    What was sent is in UTC from here on: PostgreSQL does not take every offset that ISO 8601 does.
    """
    found = read_instant(given) if isinstance(given, str) else given
    if not isinstance(found, datetime) or found.tzinfo is None:
        raise refused("instant", "Write an instant as ISO 8601 says, with its offset from UTC")
    return found.astimezone(UTC) if isinstance(given, str) else found


def _told(given: object, info: ValidationInfo) -> datetime:
    """Return an instant that was written once, on the clock of the zone in the context if any."""
    found = datetime.fromisoformat(given) if isinstance(given, str) else given
    assert isinstance(found, datetime), "an instant"
    zone = (info.context or {}).get("zone")
    return instant(found, zone) if zone else found


def _day(given: object) -> date:
    found = read_day(given) if isinstance(given, str) else given
    if not isinstance(found, date) or isinstance(found, datetime):
        raise refused("day", "Write a day as ISO 8601 says")
    return found


def _known(zone: str) -> str:
    if not is_zone(zone):
        raise refused("zone", "This time zone is not known")
    return zone


Instant = Annotated[
    datetime,
    GetPydanticSchema(lambda _type, _rest: no_info_plain_validator_function(_instant)),
    WithJsonSchema({"type": "string", "format": "date-time"}),
    Field(description="ISO 8601 with an offset from UTC."),
]
Told = Annotated[
    datetime,
    GetPydanticSchema(lambda _type, _rest: with_info_plain_validator_function(_told)),
    WithJsonSchema({"type": "string", "format": "date-time"}),
    Field(description="ISO 8601 with an offset from UTC."),
]
"""An `Instant` in an answer that is made of JSON."""
Day = Annotated[
    date,
    GetPydanticSchema(lambda _type, _rest: no_info_plain_validator_function(_day)),
    WithJsonSchema({"type": "string", "format": "date"}),
    Field(description="ISO 8601 date."),
]
Duration = Annotated[Length, Field(description="ISO 8601 duration.")]
Zone = Annotated[str, Field(description="IANA time zone.", examples=["Europe/Berlin"])]
KnownZone = Annotated[Zone, AfterValidator(_known)]


class Money(Shown):
    """An amount of money."""

    amount: Annotated[Decimal, Field(examples=["25.00"])]
    """A decimal number in the currency's own unit."""
    currency: Annotated[str, Field(examples=["EUR"])]
    """ISO 4217."""


class Named(Shown):
    """Something else, by its id and name."""

    id: UUID
    name: str


class Listed(Shown, Generic[ShownT]):
    """A part of a list."""

    results: list[ShownT]
    next: str | None
    """Where the list goes on, null at its end."""
    previous: str | None
    """Where the part before this one is, null at its beginning."""
    count: int | None
    """How many there are in all; only with `Prefer: count=exact`, else null."""


def fields_of(shown: type[Shown]) -> frozenset[str]:
    """Return the names of the fields of what is said, of a list those of each thing in it."""
    if issubclass(shown, Listed):
        (shown,) = shown.__pydantic_generic_metadata__["args"]
    return frozenset(shown.model_fields)


def instant(at: datetime, zone: str) -> datetime:
    """Return an instant on the clock of a time zone."""
    return at.astimezone(ZoneInfo(zone))
