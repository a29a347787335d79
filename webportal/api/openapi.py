"""The OpenAPI document, and its shape for the reference page."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import build_bearer_security_scheme_object


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call] # untyped base
    """How to sign in."""

    target_class = "webportal.api.tokens.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        """Return the bearer scheme; tokens are made in the administration."""
        scheme: dict[str, str] = build_bearer_security_scheme_object("Authorization", "Bearer")  # type: ignore[no-untyped-call] # untyped library
        return scheme


class KnownFields(OpenApiSerializerExtension):  # type: ignore[no-untyped-call] # untyped base
    """That a body may hold nothing but its fields."""

    target_class = "webportal.api.parameters.Known"
    match_subclasses = True

    def map_serializer(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        """Return the schema of the serializer, closed."""
        schema: dict[str, Any] = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)  # type: ignore[no-untyped-call] # untyped library
        return {**schema, "additionalProperties": False}


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
    body: list[Entry]
    fields: list[Entry]
    statuses: dict[str, str]
    """What each status says, where it says more than that here is what was asked for."""


def operations_of(document: Mapping[str, Any]) -> list[Operation]:
    """Return what the OpenAPI `document` offers, in its order."""
    return [
        _operation(document, method, path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def _operation(document: Mapping[str, Any], method: str, path: str, operation: Mapping[str, Any]) -> Operation:
    answers = operation["responses"]
    good = [status for status in answers if status.startswith("2")]
    return Operation(
        method=method.upper(),
        path=path,
        meaning=operation.get("description", ""),
        parameters=[_parameter(document, each) for each in operation.get("parameters", [])],
        body=_content(document, operation.get("requestBody", {})),
        fields=_content(document, answers[good[0]]),
        statuses={status: each["description"] for status, each in sorted(answers.items()) if each["description"]},
    )


def _parameter(document: Mapping[str, Any], parameter: Mapping[str, Any]) -> Entry:
    meaning = parameter.get("description", "")
    return Entry(parameter["name"], _type(document, parameter["schema"]), parameter.get("required", False), meaning)


def _content(document: Mapping[str, Any], part: Mapping[str, Any]) -> list[Entry]:
    """Return the fields of a body or an answer; none where there is nothing."""
    content = next(iter(part.get("content", {}).values()), None)
    return _fields(document, content["schema"]) if content else []


def _fields(document: Mapping[str, Any], schema: Mapping[str, Any]) -> list[Entry]:
    """Return the fields of a schema; those of parts are named as `part.field`."""
    found: list[Entry] = []
    resolved = _resolve(document, schema)
    for name, each in resolved.get("properties", {}).items():
        inner = each.get("items", each)
        parts = _fields(document, inner)
        required = name in resolved.get("required", ())
        found.append(Entry(name, _type(document, each), required, each.get("description", "")))
        found += [Entry(f"{name}.{part.name}", part.type, part.required, part.meaning) for part in parts]
    return found


def _resolve(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = schema.get("$ref") or next((each["$ref"] for each in schema.get("allOf", ()) if "$ref" in each), None)
    if reference is None:
        return schema
    found: Mapping[str, Any] = document["components"]["schemas"][reference.rpartition("/")[2]]
    return found


def _type(document: Mapping[str, Any], schema: Mapping[str, Any]) -> str:
    parts = [_resolve(document, part) for part in schema.get("oneOf", (schema,))]
    choices = [str(choice) for part in parts for choice in part.get("enum", ()) if choice is not None]
    text = " or ".join(choices) or str(schema.get("format") or schema.get("type", "object"))
    bounds = [f"{word} {schema[key]}" for word, key in (("from", "minimum"), ("to", "maximum")) if key in schema]
    return " ".join([text, *bounds])
