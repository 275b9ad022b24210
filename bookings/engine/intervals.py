"""Sets of time as sorted, disjoint, half-open spans of whole minutes.

Every function takes and returns lists of `(start, end)` with `start < end`, ascending, where no
two spans overlap or touch; `union` makes such a list out of anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Span = tuple[int, int]
"""A half-open interval `[start, end)` in minutes."""


def union(spans: Iterable[Span]) -> list[Span]:
    """Return the minutes that lie in at least one of `spans`, which may be in any order.

    >>> union([(50, 60), (10, 20), (15, 30), (30, 40), (5, 5)])
    [(10, 40), (50, 60)]
    """
    merged: list[Span] = []
    for start, end in sorted(spans):
        if end <= start:
            continue
        if merged and start <= merged[-1][1]:
            if end > merged[-1][1]:
                merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged


def intersect(a: Sequence[Span], b: Sequence[Span]) -> list[Span]:
    """Return the minutes that lie in both `a` and `b`.

    >>> intersect([(0, 10), (20, 30)], [(5, 25)])
    [(5, 10), (20, 25)]
    """
    common: list[Span] = []
    i = j = 0
    while i < len(a) and j < len(b):
        start = max(a[i][0], b[j][0])
        end = min(a[i][1], b[j][1])
        if start < end:
            common.append((start, end))
        if a[i][1] <= b[j][1]:
            i += 1
        else:
            j += 1
    return common


def subtract(a: Sequence[Span], b: Sequence[Span]) -> list[Span]:
    """Return the minutes of `a` that do not lie in `b`.

    >>> subtract([(0, 10), (20, 30)], [(5, 25)])
    [(0, 5), (25, 30)]
    """
    rest: list[Span] = []
    j = 0
    for start, end in a:
        while j < len(b) and b[j][1] <= start:
            j += 1
        k = j
        while k < len(b) and b[k][0] < end:
            if start < b[k][0]:
                rest.append((start, b[k][0]))
            start = b[k][1]
            k += 1
        if start < end:
            rest.append((start, end))
    return rest


def lanes(spans: Sequence[Span]) -> list[tuple[int, int]]:
    """Return for each of `spans`, sorted by start, its lane and how many lanes lie side by side.

    Those that overlap, be it through others, share their number of lanes; each takes the first
    lane that is free.

    >>> lanes([(0, 30), (10, 20), (20, 40), (40, 50)])
    [(0, 2), (1, 2), (1, 2), (0, 1)]
    """
    placed: list[tuple[int, int]] = []
    ends: list[int] = []
    first = 0
    for start, end in spans:
        if ends and start >= max(ends):
            placed[first:] = [(lane, len(ends)) for lane, _ in placed[first:]]
            first, ends = len(placed), []
        lane = next((lane for lane, over in enumerate(ends) if over <= start), len(ends))
        ends[lane : lane + 1] = [end]
        placed.append((lane, 0))
    placed[first:] = [(lane, len(ends)) for lane, _ in placed[first:]]
    return placed
