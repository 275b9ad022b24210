"""The house keeps its shape: directions of import, sizes, settings, locked packages, tables."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bookings.errors import BookingError
from bookings.faces.explained import OF_CALLS, refusals
from bookings.models.kinds import KINDS

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = sorted(
    path
    for app in ("accounts", "bookings", "portal")
    for path in (ROOT / app).rglob("*.py")
    if "migrations" not in path.parts
)
HEART = [path for path in PRODUCT if path.is_relative_to(ROOT / "bookings")]
EDGES = ("admin", "faces", "management", "outlets", "sender.py", "tasks.py")
NO_KINDS = {"instance.json", "bookings.invitation"}
"""Words of commands that look like a kind of event: what invitations are signed with."""
LONGEST_MODULE, LONGEST_FUNCTION = 300, 40


def called(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def code_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return a function's length in lines, its docstring left out."""
    first = function.body[0]
    documented = ast.get_docstring(function) is not None
    words = (first.end_lineno or 0) - first.lineno + 1 if documented else 0
    return (function.end_lineno or 0) - function.lineno + 1 - words


def tracked_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("this is no git checkout")
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name]


def table(heading: str) -> list[tuple[str, str]]:
    """Return the first two cells of each row of the README's table under a heading."""
    section = (ROOT / "README.md").read_text().split(f"\n## {heading}\n", 1)[1].split("\n## ")[0]
    return re.findall(r"^\| `([^`]+)` \| ([^|]+?) \|", section, re.MULTILINE)


def test_imports_keep_their_direction() -> None:
    lint = Path(sys.executable).with_name("lint-imports")

    done = subprocess.run([lint], cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout


def test_no_module_is_too_long() -> None:
    lengths = {called(path): len(path.read_text().splitlines()) for path in PRODUCT}

    assert {name: length for name, length in lengths.items() if length > LONGEST_MODULE} == {}


def test_no_function_is_too_long() -> None:
    lengths = {
        f"{called(path)}:{node.name}": code_lines(node)
        for path in PRODUCT
        for node in functions(path)
    }

    assert {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION} == {}


def test_the_clock_is_read_only_at_the_edges() -> None:
    inside = [path for path in HEART if not set(EDGES) & set(path.parts)]
    clock = re.compile(r"timezone\.now|datetime\.now|utcnow|time\.time\(|date\.today")

    assert [called(path) for path in inside if clock.search(path.read_text())] == []


def test_the_environment_is_read_in_one_place() -> None:
    reading = re.compile(r"environ\.get|environ\[|getenv")

    readers = [called(path) for path in PRODUCT if reading.search(path.read_text())]

    assert readers == ["portal/env.py"]


def test_the_readme_lists_every_setting_once() -> None:
    calls = [
        node.args[0].value
        for node in ast.walk(ast.parse((ROOT / "portal/settings.py").read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "env"
        and node.args
        and isinstance(node.args[0], ast.Constant)
    ]

    assert sorted(calls) == sorted(name for name, _ in table("Settings"))
    assert len(set(calls)) == len(calls)


def test_the_readme_lists_every_refusal() -> None:
    def classes(parent: type[BookingError]) -> Iterator[type[BookingError]]:
        for child in parent.__subclasses__():
            yield child
            yield from classes(child)

    refusals = [(kind.code, kind.text) for kind in classes(BookingError) if "code" in vars(kind)]

    assert sorted(table("Error codes")) == sorted(refusals)
    assert len({code for code, _ in refusals}) == len(refusals)


def test_every_problem_of_the_api_is_explained_with_its_status() -> None:
    made = [
        node
        for path in (*(ROOT / "bookings/faces/api").rglob("*.py"), ROOT / "portal/web.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Problem"
    ]
    written = {
        (node.args[1].value, node.args[0].value)
        for node in made
        if isinstance(node.args[0], ast.Constant) and isinstance(node.args[1], ast.Constant)
    }
    explained = {(each.code, each.status) for each in (*OF_CALLS, *refusals())}

    pieced = {ast.unparse(node.args[1]) for node in made} - {"error.code"}
    assert {each for each in pieced if not each.startswith("'")} == set(), "codes are written out"
    assert written - explained == set(), "explain it in bookings/faces/explained.py"
    assert {each.code for each in OF_CALLS} - {code for code, _ in written} == set()


def test_the_list_of_kinds_has_every_kind_that_is_recorded_and_no_other() -> None:
    nodes = [
        node
        for path in PRODUCT
        if {"commands", "outbox"} & set(path.relative_to(ROOT).parts[:2])
        for node in ast.walk(ast.parse(path.read_text()))
    ]
    written = {
        node.value
        for node in nodes
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"[a-z_]+\.[a-z_]+", node.value)
    }
    pieced = [
        ast.unparse(node)
        for node in nodes
        if isinstance(node, ast.JoinedStr)
        and isinstance(first := node.values[0], ast.Constant)
        and re.fullmatch(r"[a-z_]+\.", str(first.value))
    ]

    assert sorted(written - NO_KINDS) == sorted(KINDS)
    assert pieced == [], "kinds are written out, so that they can be found"
    assert max(map(len, KINDS)) <= 40


def test_the_readme_lists_every_kind_of_event() -> None:
    assert table("Events") == [(kind, str(when)) for kind, when in KINDS.items()]


def test_no_tracked_file_names_a_package_registry() -> None:
    registries = [
        ".".join(parts)
        for parts in (
            ("pypi", "org"),
            ("pythonhosted", "org"),
            ("npmjs", "org"),
            ("npmjs", "com"),
            ("deb", "debian", "org"),
            ("cdn", "jsdelivr", "net"),
            ("unpkg", "com"),
        )
    ]

    naming = [
        (called(file), registry)
        for file in tracked_files()
        for registry in registries
        if file.is_file() and registry.encode() in file.read_bytes()
    ]

    assert naming == []


def test_the_lock_holds_every_package_that_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    asked = [
        Requirement(line)
        for line in project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    ]
    lock = (ROOT / "requirements.lock").read_text()
    locked = dict(re.findall(r"^([a-z0-9.-]+)==([^\s;]+)", lock, re.MULTILINE))

    wanting = [
        str(requirement)
        for requirement in asked
        if locked.get(canonicalize_name(requirement.name)) not in requirement.specifier
    ]

    assert wanting == []
    entries = re.split(r"^(?=[a-z])", lock, flags=re.MULTILINE)
    assert [entry for entry in entries if "==" in entry and "--hash=sha256:" not in entry] == []
