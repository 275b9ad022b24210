"""The catalogues of what customers read: found in the sources, kept in `locale`, compiled.

A catalogue has no line numbers and is sorted, so that it changes where the words do.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent.parent
CUSTOMERS = (
    "templates/*.*",
    "templates/components/*",
    "templates/messages/**/*.*",
    "templates/site/*",
    "bookings/errors.py",
    "bookings/calendars/*.py",
    "bookings/commands/*.py",
    "bookings/composing/*.py",
    "bookings/faces/*.py",
    "bookings/faces/site/**/*.py",
    "bookings/models/money.py",
    "bookings/outlets/**/*.py",
)
"""Where the words are that customers read."""
STAFFS = (
    "templates/messages/invitation/*",
    "templates/messages/time_off/*",
    "templates/messages/trouble/*",
    "bookings/commands/absence.py",
    "bookings/commands/belongings.py",
    "bookings/commands/checking.py",
    "bookings/commands/customers.py",
    "bookings/commands/hours.py",
    "bookings/commands/inviting.py",
    "bookings/commands/licence.py",
    "bookings/commands/merging.py",
    "bookings/commands/noting.py",
    "bookings/commands/people.py",
    "bookings/commands/redelivering.py",
    "bookings/commands/services.py",
    "bookings/commands/setting_up.py",
    "bookings/commands/staff.py",
    "bookings/commands/subscriptions.py",
    "bookings/composing/own_wording.py",
    "bookings/composing/troubles.py",
    "bookings/composing/undelivered.py",
    "bookings/faces/access.py",
    "bookings/faces/explained.py",
    "bookings/faces/exporting.py",
    "bookings/outlets/filling.py",
)
"""What of it only staff read."""
CALLS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def languages() -> list[str]:
    """Return the languages that have a catalogue."""
    return sorted(path.name for path in (ROOT / "locale").iterdir())


def po_of(language: str) -> Path:
    """Return the catalogue of a language, as people write it."""
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def mo_of(language: str) -> Path:
    """Return the catalogue of a language, as Django reads it."""
    return po_of(language).with_suffix(".mo")


def kept(language: str) -> Catalog:
    """Return the catalogue of a language."""
    with po_of(language).open("rb") as file:
        return read_po(file, locale=language)


def compiled(catalogue: Catalog) -> bytes:
    """Return a catalogue as Django reads it."""
    file = io.BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def read_by_customers() -> Catalog:
    """Return every message that the sources show to customers, untranslated."""
    found = Catalog()
    for path in _sources():
        for call, said in _calls(path):
            spots = CALLS[call]
            words = said if isinstance(said, tuple) else (said,)
            context = words[0] if spots and isinstance(spots[0], tuple) else None
            words = words[1:] if context else words
            message = words[0] if spots is None or len(spots) - bool(context) == 1 else words[:2]
            found.add(message, context=context)
    return found


def update(language: str) -> list[str]:
    """Write a catalogue anew for the words that are there now; return what lacks a translation."""
    catalogue = kept(language)
    begun = catalogue.creation_date
    catalogue.update(read_by_customers(), no_fuzzy_matching=True)
    catalogue.creation_date = begun
    catalogue.obsolete.clear()
    with po_of(language).open("wb") as file:
        write_po(file, catalogue, width=100, sort_output=True, no_location=True)
    mo_of(language).write_bytes(compiled(kept(language)))
    return [str(message.id) for message in messages(catalogue) if not all(strings(message))]


def messages(catalogue: Catalog) -> list[Message]:
    """Return the messages of a catalogue without its header."""
    return [message for message in catalogue if message.id]


def strings(message: Message) -> tuple[str, ...]:
    """Return the translations of a message, one for each number that the language tells apart."""
    return message.string if isinstance(message.string, tuple) else (message.string or "",)


def _sources() -> Iterator[Path]:
    staffs = {path for pattern in STAFFS for path in ROOT.glob(pattern)}
    for pattern in CUSTOMERS:
        yield from (path for path in sorted(ROOT.glob(pattern)) if path not in staffs)


def _calls(path: Path) -> Iterator[tuple[str, str | tuple[str, ...]]]:
    """Yield the calls that look up a translation, each with its words."""
    if path.is_dir():
        return
    source = path.read_text()
    if path.suffix != ".py":
        source = "\n".join(line.strip() for line in templatize(source).splitlines())
    for _line, call, said, _notes in extract_python(io.BytesIO(source.encode()), CALLS, (), {}):
        yield call, said
