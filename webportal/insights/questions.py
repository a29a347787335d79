"""What the browser asks of a Dash app, checked before django-plotly-dash takes it at its word."""

import json
from functools import cache
from typing import Any

from django_plotly_dash.dash_wrapper import all_apps

Part = dict[str, Any]


def is_question(body: bytes, ident: str) -> bool:
    """Tell whether `body` asks a callback of the app `ident` for its outputs, with the inputs that it declares.

    The value of each is a text: what people choose among in our charts is.
    """
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError):
        return False
    if not isinstance(asked, dict) or not isinstance(asked.get("output"), str):
        return False
    declared = _callbacks(ident).get(asked["output"])
    return (
        declared is not None
        and _names(asked.get("inputs")) == _names(declared["inputs"])
        and _names(asked.get("state", [])) == _names(declared["state"])
        and _are_words([part.get("value") for part in [*asked["inputs"], *asked.get("state", [])]])
        and _output_of(asked.get("outputs")) == asked["output"]
        and _are_words(asked.get("changedPropIds", []))
    )


@cache
def _callbacks(ident: str) -> dict[str, Part]:
    """Return the callbacks of an app by the name of their outputs; they never change once it is registered."""
    callbacks: dict[str, Part] = all_apps()[ident].do_form_dash_instance().callback_map
    return callbacks


def _names(parts: object) -> list[str] | None:
    """Return `id.property` of each part, or None when these are no parts."""
    if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
        return None
    return [f"{part.get('id')}.{part.get('property')}" for part in parts]


def _output_of(outputs: object) -> str | None:
    """Return the name that Dash gives to one output, or to several."""
    if isinstance(outputs, dict):
        return f"{outputs.get('id')}.{outputs.get('property')}"
    names = _names(outputs)
    return f"..{'...'.join(names)}.." if names else None


def _are_words(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) for word in value)
