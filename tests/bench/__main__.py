"""Run the benchmark: everything, or the figures whose numbers are given."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connection

from portal import pglocal
from tests.bench.line import Line, show


def main(wanted: Sequence[str]) -> int:
    """Measure, print the table, and return 1 where a bar is missed, else 0."""
    with (
        pglocal.throwaway(pglocal.DURABLE) as address,
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as data,
    ):
        os.environ |= {
            "DATABASE_URL": address,
            "DATABASE_POOL": "0",
            "DATA_DIR": data,
            "DJANGO_SETTINGS_MODULE": "tests.bench.settings",
        }
        django.setup()
        call_command("migrate", verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute("CREATE DATABASE bare TEMPLATE postgres")
        figures = import_module("tests.bench.figures")
        lines: list[Line] = []
        for number, measure in figures.FIGURES.items():
            if not wanted or number in wanted:
                began = time.monotonic()
                lines += measure()
                took = time.monotonic() - began
                print(f"figure {number}: {took:.0f} s", file=sys.stderr, flush=True)
        figures.close()
        print(f"\n{_machine()}\n\n{show(lines)}\n")
        if any(line.number == "peers" for line in lines):
            print(figures.NOTE)
        connection.close()
    return int(any(line.met is False for line in lines))


def _machine() -> str:
    """Return what was measured on, in a line."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        server = cursor.fetchone()[0]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GB; PostgreSQL {server},"
        f" Python {platform.python_version()}, Django {django.get_version()}"
    )


def _processor() -> str:
    for line in _lines(Path("/proc/cpuinfo")):
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return value.strip()
    return platform.processor() or platform.machine()


def _lines(file: Path) -> list[str]:
    return file.read_text().splitlines() if file.exists() else []


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
