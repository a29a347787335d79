import json

import pytest

from spark_assets.errors import SettingsError
from spark_assets.jobs.params import BOUNDS, StepParams, StepResult


def params(**changes: int) -> StepParams:
    return StepParams(inbox="in", lake="lake", **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", sorted(BOUNDS))
def test_both_bounds_are_allowed_and_nothing_beyond(name: str) -> None:
    bounds = BOUNDS[name]
    for value in (bounds.least, bounds.greatest):
        assert getattr(params(**{name: value}), name) == value
    for value in (bounds.least - 1, bounds.greatest + 1):
        with pytest.raises(
            SettingsError, match=rf"{name} must lie in \[{bounds.least}, {bounds.greatest}\], got {value}"
        ):
            params(**{name: value})


def test_every_bounded_setting_has_a_default_within_and_a_meaning() -> None:
    assert set(BOUNDS) <= set(params().as_dict())
    assert all(bounds.meaning.endswith(".") for bounds in BOUNDS.values())


def test_params_travel_as_json() -> None:
    sent = params(seed=7)
    assert StepParams.from_dict(json.loads(json.dumps(sent.as_dict()))) == sent


def test_unknown_settings_and_bad_values_are_refused_on_arrival() -> None:
    with pytest.raises(SettingsError, match=r"Unknown settings \['horizon', 'sed'\]"):
        StepParams.from_dict({**params().as_dict(), "sed": 1, "horizon": 2})
    with pytest.raises(SettingsError, match="horizon_days"):
        StepParams.from_dict({**params().as_dict(), "horizon_days": 0})


def test_results_are_plain_values() -> None:
    result = StepResult(3, {"a": 1}, [{"b": "c"}])
    assert json.loads(json.dumps(result.as_dict())) == {"rows": 3, "facts": {"a": 1}, "preview": [{"b": "c"}]}
