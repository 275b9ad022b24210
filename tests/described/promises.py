"""What programs rely on: everything that was described once is still there and still taken.

What is answered may get more: fields, values of an enumeration, codes. What is asked may be more:
parameters and fields that nobody has to send. Nothing else may change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Json = Mapping[str, Any]

LEAST = ("minimum", "exclusiveMinimum", "minLength", "minItems")
MOST = ("maximum", "exclusiveMaximum", "maxLength", "maxItems")
SAME = ("pattern", "const")


def taken_away(before: Json, after: Json) -> list[str]:
    """Return, in sentences, what a program may rely on in `before` that `after` does not keep."""
    return list(_Comparison(before, after).differences())


@dataclass(frozen=True)
class _Comparison:
    before: Json
    after: Json

    def differences(self) -> Iterator[str]:
        for path, methods in self.before["paths"].items():
            for method, old in methods.items():
                where = f"{method.upper()} {path}"
                new = self.after["paths"].get(path, {}).get(method)
                if new is None:
                    yield f"{where} is gone"
                else:
                    yield from self._operation(old, new, where)

    def _operation(self, old: Json, new: Json, where: str) -> Iterator[str]:
        if old["operationId"] != new["operationId"]:
            yield f"{where} is no longer called {old['operationId']}"
        if new["security"] and (gone := _lacking(old["security"], new["security"])):
            yield f"{where} no longer lets in with {gone}"
        yield from self._parameters(old, new, where)
        yield from self._bodies(old, new, where)
        for status, answer in old["responses"].items():
            if status not in new["responses"]:
                yield f"{where} no longer answers {status}"
            elif status < "300":
                yield from self._contents(answer, new["responses"][status], f"{where} → {status}")

    def _parameters(self, old: Json, new: Json, where: str) -> Iterator[str]:
        known = {_key(each): each for each in map(self._old, old["parameters"])}
        now = {_key(each): each for each in map(self._new, new["parameters"])}
        for key, each in now.items():
            if each.get("required") and not known.get(key, {}).get("required"):
                yield f"{where} cannot do without the parameter {key[1]} any more"
        for key, each in known.items():
            if key in now:
                yield from self._asked(each["schema"], now[key]["schema"], f"{where} ? {key[1]}")
            else:
                yield f"{where} takes no parameter {key[1]} any more"

    def _bodies(self, old: Json, new: Json, where: str) -> Iterator[str]:
        if ("requestBody" in old) != ("requestBody" in new):
            yield f"{where} takes a body, or none, other than before"
        for kind, content in old.get("requestBody", {}).get("content", {}).items():
            now = new.get("requestBody", {}).get("content", {}).get(kind)
            if now is not None:
                yield from self._asked(content["schema"], now["schema"], f"{where} ←")

    def _contents(self, old: Json, new: Json, where: str) -> Iterator[str]:
        for kind, content in self._old(old).get("content", {}).items():
            now = self._new(new).get("content", {}).get(kind)
            if now is None:
                yield f"{where} is no {kind} any more"
            else:
                yield from self._shown(content.get("schema", {}), now.get("schema", {}), where)

    def _asked(self, old: Json, new: Json, where: str) -> Iterator[str]:
        """Yield what was taken before and is no longer."""
        now = {_kind(each): each for each in _choices(self._new(new), self._new)}
        for choice in _choices(self._old(old), self._old):
            taken = now.get(_kind(choice), now.get("any"))
            if taken is None:
                yield f"{where} may not be {_kind(choice)} any more"
                continue
            yield from _tighter(choice, taken, where)
            yield from self._fields(choice, taken, where, is_asked=True)
            for name in taken.get("required", ()):
                if name not in choice.get("required", ()):
                    yield f"{where}.{name} has to be sent now"
            if gone := _values(choice) - (_values(taken) or _values(choice)):
                yield f"{where} may not be one of {sorted(gone)} any more"

    def _shown(self, old: Json, new: Json, where: str) -> Iterator[str]:
        """Yield what was answered before and is no longer, and what can be that could not be."""
        known = {_kind(each): each for each in _choices(self._old(old), self._old)}
        for choice in _choices(self._new(new), self._new):
            before = known.get(_kind(choice), known.get("any"))
            if before is None:
                yield f"{where} can be {_kind(choice)} now"
                continue
            yield from self._fields(before, choice, where, is_asked=False)
            for name in before.get("required", ()):
                if name not in choice.get("required", ()) and name in choice.get("properties", {}):
                    yield f"{where}.{name} is not always there any more"

    def _fields(self, old: Json, new: Json, where: str, *, is_asked: bool) -> Iterator[str]:
        compare = self._asked if is_asked else self._shown
        for name, field in old.get("properties", {}).items():
            if name in new.get("properties", {}):
                yield from compare(field, new["properties"][name], f"{where}.{name}")
            else:
                yield f"{where}.{name} is gone"
        for inside in ("items", "additionalProperties"):
            if isinstance(old.get(inside), dict) and isinstance(new.get(inside), dict):
                yield from compare(old[inside], new[inside], f"{where}[]")

    def _old(self, schema: Json) -> Json:
        return _found(schema, self.before)

    def _new(self, schema: Json) -> Json:
        return _found(schema, self.after)


def _lacking(old: list[Json], new: list[Json]) -> list[Json]:
    """Return what let in and does not any more; nothing (`{}`) did where nothing was needed."""
    return [each for each in old or [{}] if each not in new]


def _found(schema: Json, document: Json) -> Json:
    """Return what a reference leads to."""
    while "$ref" in schema:
        kept: Any = document
        for step in schema["$ref"].removeprefix("#/").split("/"):
            kept = kept[step]
        schema = kept
    return schema


def _choices(schema: Json, found: Any) -> list[Json]:
    inside = [*schema.get("anyOf", ()), *schema.get("oneOf", ())]
    return [choice for each in inside for choice in _choices(found(each), found)] or [schema]


def _kind(schema: Json) -> str:
    return " ".join([str(schema.get("type", "any")), schema.get("format", "")]).strip()


def _key(parameter: Json) -> tuple[str, str]:
    return parameter["in"], parameter["name"]


def _values(schema: Json) -> set[str]:
    return set(map(str, schema.get("enum", ())))


def _tighter(old: Json, new: Json, where: str) -> Iterator[str]:
    for name in LEAST:
        if name in new and new[name] > old.get(name, float("-inf")):
            yield f"{where} has a larger {name} now"
    for name in MOST:
        if name in new and new[name] < old.get(name, float("inf")):
            yield f"{where} has a smaller {name} now"
    for name in SAME:
        if name in new and new[name] != old.get(name):
            yield f"{where} has another {name} now"
    if "enum" in new and "enum" not in old:
        yield f"{where} may only be one of a few values now"
