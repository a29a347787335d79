"""The OpenAPI document in the shape of the reference page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Entry:
    """A parameter, or a field of an answer."""

    name: str
    type: str
    required: bool
    meaning: str


@dataclass(frozen=True)
class Operation:
    """One thing that can be asked: where, with what, and what comes back."""

    method: str
    path: str
    meaning: str
    parameters: list[Entry]
    fields: list[Entry]
    refusals: dict[str, str]


def operations_of(document: Mapping[str, Any]) -> list[Operation]:
    """Return what the OpenAPI `document` offers, in its order."""
    return [
        _operation(document, method, path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def _operation(document: Mapping[str, Any], method: str, path: str, operation: Mapping[str, Any]) -> Operation:
    answers = operation["responses"]
    good = next(status for status in answers if status.startswith("2"))
    answer = next(iter(answers[good]["content"].values()))["schema"]
    return Operation(
        method=method.upper(),
        path=path,
        meaning=operation.get("description", ""),
        parameters=[_parameter(each) for each in operation.get("parameters", [])],
        fields=_fields(document, answer),
        refusals={status: each["description"] for status, each in answers.items() if status != good},
    )


def _parameter(parameter: Mapping[str, Any]) -> Entry:
    meaning = parameter.get("description", "")
    return Entry(parameter["name"], _type(parameter["schema"]), parameter.get("required", False), meaning)


def _fields(document: Mapping[str, Any], schema: Mapping[str, Any]) -> list[Entry]:
    """Return the fields of an answer; those of parts are named as `part.field`."""
    found: list[Entry] = []
    resolved = _resolve(document, schema)
    for name, each in resolved.get("properties", {}).items():
        inner = each.get("items", each)
        parts = _fields(document, inner)
        required = name in resolved.get("required", ())
        found.append(Entry(name, _type(each), required, each.get("description", "")))
        found += [Entry(f"{name}.{part.name}", part.type, part.required, part.meaning) for part in parts]
    return found


def _resolve(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = schema.get("$ref") or next((each["$ref"] for each in schema.get("allOf", ()) if "$ref" in each), None)
    if reference is None:
        return schema
    found: Mapping[str, Any] = document["components"]["schemas"][reference.rpartition("/")[2]]
    return found


def _type(schema: Mapping[str, Any]) -> str:
    choices = [str(choice) for choice in schema.get("enum", ())]
    text = " or ".join(choices) or str(schema.get("format") or schema.get("type", "object"))
    bounds = [f"{word} {schema[key]}" for word, key in (("from", "minimum"), ("to", "maximum")) if key in schema]
    return " ".join([text, *bounds])
