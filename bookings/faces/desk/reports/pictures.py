"""Pictures of numbers: bars, rankings and heat maps as SVG, each with the table behind it.

Across, everything is placed in percent, so that a picture is as wide as its place while its
words keep their size; down, in pixels. Colours are classes of the style sheet. Where pages are
read from right to left, pictures are mirrored.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

LEVELS = 5
"""Shades of a heat map, the lightest for what is open but empty."""

_SCALE = 7  # percent for the numbers beside upright bars
_PLOT, _ABOVE, _BELOW = 170, 12, 26  # pixels
_MOST_LABELS, _MOST_HOURS = 5, 8
_ROW, _BAR, _LONGEST_NAME = 44, 10, 34
_DAYS, _CELL, _HEAD = 11, 30, 22  # percent for the days, pixels for a cell and the hours


@dataclass(frozen=True)
class Table:
    """The numbers behind a picture; each row begins with its own heading."""

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Mark:
    """A rectangle; `x` and `width` are percent, `y` and `height` pixels."""

    x: float
    y: float
    width: float
    height: float
    look: str
    said: str = ""


@dataclass(frozen=True)
class Word:
    """A short text; `x` is percent, `anchor` is start, middle or end."""

    x: float
    y: float
    text: str
    anchor: str = "middle"
    look: str = "scale"


@dataclass(frozen=True)
class Series:
    """Numbers of one colour, one for each label."""

    label: str
    look: str
    values: Sequence[int]


@dataclass(frozen=True)
class Picture:
    """A drawing: its name and title, what it shows in words, its table and its colours."""

    name: str
    title: str
    said: str
    table: Table
    height: int
    marks: Sequence[Mark]
    words: Sequence[Word]
    legend: Sequence[tuple[str, str]] = ()

    def drawing(self) -> SafeString:
        """Return the marks and words as SVG."""
        mirrored = get_language_bidi()
        parts = [
            *(_drawn_mark(mark, mirrored=mirrored) for mark in self.marks),
            *(_drawn_word(word, mirrored=mirrored) for word in self.words),
        ]
        return mark_safe("\n".join(parts))


def bars(
    name: str,
    words: tuple[str, str],
    heading: str,
    labels: Sequence[str],
    series: Sequence[Series],
) -> Picture:
    """Return upright bars, a group for each label.

    `words` are title and description, `heading` says what the labels are.
    """
    top = nice(max((value for each in series for value in each.values), default=0))
    step = (100 - _SCALE) / max(len(labels), 1)
    floor = _ABOVE + _PLOT
    below = [
        Word(_SCALE + place * step + step / 2, floor + 19, labels[place])
        for place in _spread(len(labels))
    ]
    rows = [
        [label, *(str(each.values[place]) for each in series)] for place, label in enumerate(labels)
    ]
    return Picture(
        name,
        *words,
        table=Table([heading, *(each.label for each in series)], rows),
        height=floor + _BELOW,
        marks=[*_lines(), *_upright(labels, series, top, step)],
        words=[*_scale(top), *below],
        legend=[(each.look, each.label) for each in series],
    )


def _lines() -> list[Mark]:
    return [Mark(_SCALE, _ABOVE + _PLOT * part / 2, 100 - _SCALE, 1, "grid") for part in range(3)]


def _scale(top: int) -> list[Word]:
    """Return the numbers beside the lines: `top`, half of it, and nothing."""
    return [
        Word(_SCALE - 1, _ABOVE + _PLOT * part / 2 + 4, str(top * (2 - part) // 2), "end")
        for part in range(3)
    ]


def _upright(
    labels: Sequence[str], series: Sequence[Series], top: int, step: float
) -> Iterator[Mark]:
    width = step * 0.8 / len(series)
    for number, each in enumerate(series):
        for place, value in enumerate(each.values):
            height = _PLOT * value / top
            if value:
                yield Mark(
                    _SCALE + (place + 0.1) * step + number * width,
                    _ABOVE + _PLOT - height,
                    width,
                    height,
                    each.look,
                    f"{labels[place]}: {each.label} {value}",
                )


def ranking(
    name: str, words: tuple[str, str], table: Table, rows: Sequence[tuple[str, float | None, str]]
) -> Picture:
    """Return a bar from the side for each row: its name, how full it is (1 is full), in words."""
    marks: list[Mark] = []
    names: list[Word] = []
    for number, (label, share, shown) in enumerate(rows):
        y = number * _ROW
        marks.append(Mark(0, y + 24, 100, _BAR, "track"))
        if share:
            width = 100 * min(share, 1)
            marks.append(Mark(0, y + 24, width, _BAR, "bar", f"{label}: {shown}"))
        short = Truncator(label).chars(_LONGEST_NAME)
        names += [Word(0, y + 15, short, "start", "name"), Word(100, y + 15, shown, "end", "name")]
    return Picture(
        name, *words, table=table, height=max(_ROW * len(rows), 1), marks=marks, words=names
    )


def heat(
    name: str,
    words: tuple[str, str],
    table: Table,
    days: Sequence[str],
    shares: Mapping[tuple[int, int], tuple[float, str]],
) -> Picture:
    """Return a map of the week: a row for each of `days`, a column for each hour.

    `shares` is how full an hour is (1 is full) and how to say it, by day and hour; hours that
    are missing are closed. The hours run from the first to the last that is open.
    """
    hours = sorted({hour for _day, hour in shares})
    span = range(hours[0], hours[-1] + 1) if hours else range(0)
    step = (100 - _DAYS) / max(len(span), 1)
    marks = [
        Mark(
            _DAYS + (hour - span.start) * step + step * 0.04,
            _HEAD + day * _CELL + 1,
            step * 0.92,
            _CELL - 2,
            f"heat{level(share)}",
            said,
        )
        for (day, hour), (share, said) in sorted(shares.items())
    ]
    return Picture(
        name,
        *words,
        table=table,
        height=_HEAD + _CELL * len(days),
        marks=marks,
        words=[*_heads(span, step), *_sides(days)],
        legend=[
            ("heat0", _("empty")),
            *((f"heat{shade}", f"≤ {shade * 100 // LEVELS}%") for shade in range(1, LEVELS + 1)),
        ],
    )


def _heads(hours: range, step: float) -> list[Word]:
    every = max(1, -(-len(hours) // _MOST_HOURS))
    return [
        Word(_DAYS + (hour - hours.start + 0.5) * step, _HEAD - 8, f"{hour:02}")
        for hour in hours[::every]
    ]


def _sides(days: Sequence[str]) -> list[Word]:
    return [
        Word(0, _HEAD + (day + 0.5) * _CELL + 4, label, "start") for day, label in enumerate(days)
    ]


def level(share: float) -> int:
    """Return the shade of a share: 0 for nothing, `LEVELS` from the last fifth on.

    >>> [level(share) for share in (0, 0.01, 0.2, 0.5, 1, 1.5)]
    [0, 1, 1, 3, 5, 5]
    """
    return min(LEVELS, -int(-share * LEVELS // 1))


def nice(most: int) -> int:
    """Return a round number that is not below `most`, for the top of a scale; at least 2.

    >>> [nice(most) for most in (0, 3, 17, 99, 116)]
    [2, 4, 20, 100, 120]
    """
    size = 1
    while True:
        for step in (2, 4, 6, 8, 10, 12, 16):
            if most <= step * size:
                return step * size
        size *= 10


def _spread(count: int) -> list[int]:
    """Return which of so many labels there is room for, evenly spread."""
    every = max(1, -(-count // _MOST_LABELS))
    return list(range(every // 2 if every > 1 else 0, count, every))


def _percent(number: float) -> str:
    return f"{number:.2f}%"


def _drawn_mark(mark: Mark, *, mirrored: bool) -> SafeString:
    return format_html(
        '<rect x="{}" y="{}" width="{}" height="{}" class="{}">{}</rect>',
        _percent(100 - mark.x - mark.width if mirrored else mark.x),
        f"{mark.y:.1f}",
        _percent(mark.width),
        f"{mark.height:.1f}",
        mark.look,
        format_html("<title>{}</title>", mark.said) if mark.said else "",
    )


def _drawn_word(word: Word, *, mirrored: bool) -> SafeString:
    return format_html(
        '<text x="{}" y="{}" text-anchor="{}" class="{}">{}</text>',
        _percent(100 - word.x if mirrored else word.x),
        f"{word.y:.1f}",
        word.anchor,
        word.look,
        word.text,
    )
