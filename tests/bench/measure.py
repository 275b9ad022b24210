"""How the benchmark measures: rounds in which every contestant has its turn."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from statistics import median

ROUNDS = 9

Samples = dict[str, list[float]]
"""By contestant, one figure for each round."""


def interleaved(contestants: Mapping[str, Callable[[], float]], *, rounds: int = ROUNDS) -> Samples:
    """Let each measure itself once in every round, another one first each time."""
    names = list(contestants)
    samples: Samples = {name: [] for name in names}
    for number in range(rounds + 1):
        shift = number % len(names)
        for name in names[shift:] + names[:shift]:
            figure = contestants[name]()
            if number:
                samples[name].append(figure)
    return samples


def ratio(samples: Samples, over: str, under: str) -> float:
    """Return the median over the rounds of one contestant's figure divided by another's."""
    return median(a / b for a, b in zip(samples[over], samples[under], strict=True))


def typical(samples: Samples, name: str) -> float:
    """Return the median over the rounds of a contestant's figure."""
    return median(samples[name])


def cpu_seconds(work: Callable[[], object], *, times: int) -> float:
    """Return the median CPU seconds that this process spends on one run of `work`."""
    return median(_timed(work, time.process_time) for _ in range(times))


def wall_seconds(work: Callable[[], object], *, times: int) -> float:
    """Return the median seconds that one run of `work` takes."""
    return median(_timed(work, time.perf_counter) for _ in range(times))


def _timed(work: Callable[[], object], clock: Callable[[], float]) -> float:
    started = clock()
    work()
    return clock() - started
