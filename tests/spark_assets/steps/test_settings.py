import json

import pytest

from spark_assets.errors import SettingsError
from spark_assets.steps.settings import BOUNDS, Bounds, Choice, StepParams, StepResult


def params(**changes: float | str) -> StepParams:
    return StepParams(inbox="in", lake="lake", **changes)  # type: ignore[arg-type]


NUMBERS = {name: allowed for name, allowed in BOUNDS.items() if isinstance(allowed, Bounds)}
TEXTS = {name: allowed for name, allowed in BOUNDS.items() if isinstance(allowed, Choice)}


def room_for(name: str, value: float) -> dict[str, float]:
    """Return changes in which bands keep their order, whatever one of them is set to."""
    others = {"band_high_lift": "band_medium_lift", "band_medium_lift": "band_high_lift"}
    return {name: value} | ({others[name]: value} if name in others and 1 <= value <= 50 else {})


@pytest.mark.parametrize("name", sorted(NUMBERS))
def test_both_bounds_are_allowed_and_nothing_beyond(name: str) -> None:
    bounds = NUMBERS[name]
    for value in (bounds.least, bounds.greatest):
        assert getattr(params(**room_for(name, value)), name) == value
    for value in (bounds.least - 1, bounds.greatest + 1):
        with pytest.raises(
            SettingsError, match=rf"{name} must lie in \[{bounds.least}, {bounds.greatest}\], got {value}"
        ):
            params(**{name: value})


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_every_option_is_allowed_and_no_other_text(name: str) -> None:
    for option in TEXTS[name].options:
        assert getattr(params(**{name: option}), name) == option
    with pytest.raises(SettingsError, match=rf"{name} must be one of .*, got 'luck'"):
        params(**{name: "luck"})


def test_the_medium_band_never_begins_above_the_high_one() -> None:
    with pytest.raises(SettingsError, match=r"band_medium_lift must not be above band_high_lift, got 3.0 above 2.0"):
        params(band_medium_lift=3.0)


def test_the_snapshot_that_pages_under_way_still_read_is_always_kept() -> None:
    with pytest.raises(SettingsError, match="keep_snapshots"):
        params(keep_snapshots=1)


def test_every_bounded_setting_has_a_default_within_and_a_meaning() -> None:
    assert set(BOUNDS) <= set(params().as_dict())
    assert all(allowed.meaning.endswith(".") for allowed in BOUNDS.values())


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
