"""The lines of the benchmark's table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """A figure: what it is, ours, the bar, and whether ours meets it; None where there is none."""

    number: str
    what: str
    ours: str
    bar: str = ""
    met: bool | None = None


def at_most(number: str, what: str, ours: float, bar: float, *, unit: str = "×") -> Line:
    """Return the line of a figure that may not be larger than its bar."""
    return Line(number, what, f"{ours:.2f}{unit}", f"≤ {bar:g}{unit}", ours <= bar)


def at_least(number: str, what: str, ours: float, bar: float, *, unit: str = "×") -> Line:
    """Return the line of a figure that may not be smaller than its bar."""
    return Line(number, what, f"{ours:.2f}{unit}", f"≥ {bar:g}{unit}", ours >= bar)


def show(lines: list[Line]) -> str:
    """Return the lines as a table."""
    rows = [("", "figure", "ours", "bar", ""), *map(_cells, lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def _cells(line: Line) -> tuple[str, str, str, str, str]:
    met = {None: "", True: "met", False: "MISSED"}[line.met]
    return line.number, line.what, line.ours, line.bar, met
