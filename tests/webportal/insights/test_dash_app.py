import json
from typing import Any

import pytest

from webportal.insights.dash_app import is_question

GRAPH, GROUP = {"id": "listening-graph", "property": "figure"}, {"id": "listening-group", "property": "options"}
SHOWN = {"id": "listening-measure", "property": "options"}
MEASURE = {"id": "listening-measure", "property": "value", "value": "both"}
CHOICE = {"id": "listening-group", "property": "value", "value": "high"}
QUESTION: dict[str, Any] = {
    "output": "..listening-graph.figure...listening-group.options...listening-measure.options..",
    "outputs": [GRAPH, GROUP, SHOWN],
    "inputs": [CHOICE, MEASURE],
    "changedPropIds": ["listening-group.value"],
}


def asked(**changes: object) -> bytes:
    return json.dumps({**QUESTION, **changes}).encode()


def test_what_our_page_asks_is_a_question() -> None:
    assert is_question(asked(), "listening")
    assert is_question(asked(state=[]), "listening")


@pytest.mark.parametrize(
    "changes",
    [
        {"output": "invented.figure"},
        {"output": None},
        {"output": ["listening-graph.figure"]},
        {"outputs": [GRAPH]},
        {"outputs": [GROUP, GRAPH, SHOWN]},
        {"outputs": GRAPH},
        {"outputs": "listening-graph.figure"},
        {"outputs": None},
        {"inputs": []},
        {"inputs": None},
        {"inputs": [CHOICE]},
        {"inputs": [CHOICE, CHOICE]},
        {"inputs": ["high"]},
        {"inputs": [[CHOICE]]},
        {"inputs": [{"id": "listening-graph", "property": "figure"}]},
        {"state": [CHOICE]},
        {"state": 7},
        {"changedPropIds": [7]},
        {"changedPropIds": "all"},
    ],
)
def test_anything_else_is_none(changes: dict[str, object]) -> None:
    assert not is_question(asked(**changes), "listening")


@pytest.mark.parametrize("value", [None, True, 7, 0.5, [], ["high"], [["high"]], {}, {"high": 1}])
@pytest.mark.parametrize("place", [0, 1])
def test_a_value_that_is_no_text_is_none(value: object, place: int) -> None:
    inputs = [CHOICE, MEASURE]
    inputs[place] = {**inputs[place], "value": value}
    assert not is_question(asked(inputs=inputs), "listening")
    del inputs[place]["value"]
    assert not is_question(asked(inputs=inputs), "listening")


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"7", b"{}", b"{", b"\xff", b"[" * 100_000])
def test_what_is_no_object_is_none(body: bytes) -> None:
    assert not is_question(body, "listening")
