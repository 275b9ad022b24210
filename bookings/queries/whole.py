"""Rows out of statements that are written out, for what every call asks.

To put a query into words takes Django several times as long as PostgreSQL takes to answer it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

from django.db import connection
from django.db.models import Model

RowT = TypeVar("RowT", bound=Model)


class Whole(Generic[RowT]):
    """All the columns of a model: how a statement names them, and the row that their values are."""

    def __init__(self, model: type[RowT]) -> None:
        """Take down the columns of a model, in the order in which Django builds a row of them.

        Its values are taken as the database returns them.
        """
        fields = model._meta.concrete_fields  # noqa: SLF001  # Django's documentation calls it public
        assert not any(hasattr(each, "from_db_value") for each in fields), "a value is translated"
        self._model = model
        self._names = [field.attname for field in fields]
        self._columns = [field.column for field in fields]

    @property
    def width(self) -> int:
        """Return how many columns there are."""
        return len(self._columns)

    def columns(self, table: str) -> str:
        """Return the columns as a statement selects them from what it calls `table`."""
        return ", ".join(f'{table}."{column}"' for column in self._columns)

    def row(self, values: Sequence[object]) -> RowT:
        """Return the row that has these values, in the order of `columns`."""
        return self._model.from_db(connection.alias, self._names, values)
