"""Free starts as bitmaps: one integer per question, bit `i` is the minute `lo + i`.

A start of a resource is free when it fits into the open windows, lies on their grid and is not
blocked by what is already there: `fits(…) & grid_mask(…) & ~blocked_mask(…)`. Any of several
resources is `|`, all of them `&`. All minutes are UTC.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import compress
from struct import unpack

from bookings.engine.clock import DAY, offsets
from bookings.engine.hours import Window
from bookings.engine.intervals import Span

_BEYOND = (1 << 60, (1 << 60) + 1)  # a span after every other


@dataclass(frozen=True, slots=True)
class Shape:
    """How long an appointment takes and where it may start, in minutes.

    `before` and `after` are buffers that must be free of other commitments. The grid starts at
    the opening of a window, or at local midnight when `by_clock`.
    """

    duration: int
    before: int
    after: int
    interval: int
    by_clock: bool = False

    def __post_init__(self) -> None:
        if min(self.duration, self.interval) < 1 or min(self.before, self.after) < 0:
            raise ValueError(f"impossible shape: {self}")


def span_mask(a: int, b: int, lo: int, hi: int) -> int:
    """Return the bits of the minutes `[a, b)` that lie in `[lo, hi)`.

    >>> bin(span_mask(8, 12, 10, 20)), span_mask(12, 8, 10, 20)
    ('0b11', 0)
    """
    start, end = max(a, lo) - lo, min(b, hi) - lo
    return (1 << end) - (1 << start) if start < end else 0


def _painted(spans: Iterable[Span], lo: int, hi: int, *, earlier: int = 0, later: int = 0) -> int:
    """Return the bits of `spans`, each made to begin `earlier` and to end `later`.

    Spans come in any order and may overlap; those without length paint nothing. The ones of a
    merged span are what is left when the bit at its start is taken from the bit at its end, and
    one subtraction does that for all of them: a step per span, whatever the window.
    """
    length = max(hi - lo, 0)
    starts, ends = bytearray(length // 8 + 1), bytearray(length // 8 + 1)
    opened = closed = 0
    for start, end in (*sorted(spans), _BEYOND):
        if end <= start:
            continue
        start -= earlier + lo
        end += later - lo
        if start <= closed:
            if end > closed:
                closed = end
            continue
        if closed > length:
            closed = length
        if opened < closed:
            starts[opened >> 3] |= 1 << (opened & 7)
            ends[closed >> 3] |= 1 << (closed & 7)
        if start >= length:
            break
        opened, closed = start, end
    return int.from_bytes(ends, "little") - int.from_bytes(starts, "little")


def open_mask(windows: Iterable[Window], lo: int, hi: int) -> int:
    """Return the minutes of `[lo, hi)` that lie in one of `windows`."""
    return _painted(((window.start, window.end) for window in windows), lo, hi)


@lru_cache(maxsize=64)
def _comb(interval: int, length: int) -> int:
    """Return `length` bits of which every `interval`-th is set, the lowest first."""
    bits, width = 1, interval
    while width < length:
        bits |= bits << width
        width *= 2
    return bits & ((1 << length) - 1)


def _one_grid_each(
    windows: Collection[Window], shape: Shape, lo: int, hi: int
) -> Iterator[tuple[int, int, int]]:
    """Yield the stretches of `windows` in `[lo, hi)`: start, end, a minute of the grid."""
    for zone in {window.zone for window in windows}:
        for since, until, ahead in offsets(zone, lo, hi):
            for window in windows:
                start, end = max(window.start, since), min(window.end, until)
                if end <= start or window.zone != zone:
                    continue
                if not shape.by_clock:
                    yield start, end, window.anchor - ahead
                elif DAY % shape.interval == 0:
                    yield start, end, -ahead
                else:
                    for midnight in range((start + ahead) // DAY * DAY - ahead, end, DAY):
                        yield max(start, midnight), min(end, midnight + DAY), midnight


def grid_mask(windows: Collection[Window], shape: Shape, lo: int, hi: int) -> int:
    """Return the minutes of `[lo, hi)` that lie in a window and on its grid.

    >>> bin(grid_mask([Window(545, 580, 545, "UTC")], Shape(15, 0, 0, 15), 540, 600))
    '0b100000000000000100000000000000100000'
    >>> bin(grid_mask([Window(545, 580, 545, "UTC")], Shape(15, 0, 0, 15, True), 540, 600))
    '0b1000000000000001000000000000000'
    """
    teeth: dict[int, list[Span]] = {}
    for start, end, tooth in _one_grid_each(windows, shape, lo, hi):
        teeth.setdefault((tooth - lo) % shape.interval, []).append((start, end))
    bits = 0
    for first, spans in teeth.items():
        bits |= _painted(spans, lo, hi) & (_comb(shape.interval, hi - lo) << first)
    return bits


def run(bits: int, length: int) -> int:
    """Return the bits that begin `length` set bits in a row.

    >>> bin(run(0b1110111, 2))
    '0b110011'
    """
    done = 1
    while done < length:
        step = min(done, length - done)
        bits &= bits >> step
        done += step
    return bits


def blocked_mask(busy: Iterable[Span], shape: Shape, lo: int, hi: int) -> int:
    """Return the starts in `[lo, hi)` whose time with buffers would touch one of `busy`.

    `busy` may be in any order and overlap; spans without length block nothing.

    >>> bin(blocked_mask([(30, 40)], Shape(duration=5, before=2, after=3, interval=1), 0, 60))
    '0b111111111111111111100000000000000000000000'
    """
    reach = shape.duration + shape.after - 1
    return _painted(busy, lo, hi, earlier=reach, later=shape.before)


def fits(windows: Iterable[Window], shape: Shape, lo: int, hi: int) -> int:
    """Return the starts in `[lo, hi)` from which the whole duration is open.

    `windows` must reach to `hi` + duration. Windows that touch count as one.
    """
    room = run(open_mask(windows, lo, hi + shape.duration), shape.duration)
    return room & span_mask(lo, hi, lo, hi)


@lru_cache(maxsize=4096)
def _positions(word: int) -> tuple[int, ...]:
    """Return where a word of 64 bits has ones; days look alike, so the same words come again."""
    return tuple(i for i, bit in enumerate(reversed(f"{word:b}")) if bit == "1")


def minutes(bits: int, lo: int) -> list[int]:
    """Return the minutes of the set bits, ascending.

    >>> minutes(0b10100, 100)
    [102, 104]
    """
    count = (bits.bit_length() + 63) // 64
    words = unpack(f"<{count}Q", bits.to_bytes(count * 8, "little"))
    filled = compress(zip(range(lo, lo + 64 * count, 64), words, strict=True), words)
    return [first + i for first, word in filled for i in _positions(word)]
