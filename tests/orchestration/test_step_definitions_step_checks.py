"""Every check of the code location, run alone and made to fail: its sentence, and where it arrives."""

from typing import Any

import dagster as dg
import pytest

from orchestration.definitions import defs
from orchestration.run_output import causes_of, lines, tell_portal_of
from orchestration.step_definitions import Property, few, figure, judge, step_asset, step_checks
from spark_assets.steps.settings import StepResult
from tests.orchestration.checked import BROKEN, SOUND, Facts
from tests.orchestration.fakes import FakeCompute, pipeline
from tests.spark_assets.publishing.conftest import run_sql

LOADED = defs()
KEYS = sorted(LOADED.resolve_asset_graph().asset_check_keys, key=str)
STEPS = {asset: "inspect_events" if asset == "cleaned_events" else f"inspect_{asset}" for asset in SOUND}

UNIQUE = Property(
    "unique",
    "No two rows.",
    lambda facts: facts["rows"] == facts["distinct"],
    lambda facts: f"{facts['rows']} rows hold {facts['distinct']} keys.",
    "Remove the others.",
    shows=("rows", "distinct"),
)
SKILL = Property(
    "skill", "Above chance.", lambda facts: facts["auc"] > 0.5, lambda facts: f"It is {facts['auc']}; 0.5 is chance.",
    "Train.", shows=("auc",), blocking=False,
)  # fmt: skip


def run_alone(
    instance: dg.DagsterInstance, keys: list[dg.AssetCheckKey], facts: Facts
) -> tuple[dg.ExecuteInProcessResult, list[str]]:
    """Run checks of one asset without the asset, on some facts; returns also the steps that were asked for."""
    asset = keys[0].asset_key.to_user_string()
    (tested,) = [found for found in LOADED.asset_checks or [] if keys[0] in found.check_keys]
    assert isinstance(tested, dg.AssetChecksDefinition)
    told = StepResult(facts["rows"], {name: value for name, value in facts.items() if name != "rows"})
    resource = pipeline({STEPS[asset]: told})
    job = dg.define_asset_job("alone", dg.AssetSelection.checks(*keys))
    here = dg.Definitions(asset_checks=[tested], jobs=[job], resources={"pipeline": resource})
    done = here.resolve_job_def("alone").execute_in_process(instance=instance, raise_on_error=False)
    assert isinstance(resource.compute, FakeCompute)
    return done, [step for step, _ in resource.compute.asked]


@pytest.fixture
def instance() -> Any:  # noqa: ANN401 - a generator of an instance
    with dg.DagsterInstance.ephemeral() as made:
        yield made


def test_no_check_is_left_out_below() -> None:
    """Whoever adds a check says in `checked.py` what its sentence tells when it fails."""
    assert {(key.asset_key.to_user_string(), key.name) for key in KEYS} == set(BROKEN)


@pytest.mark.parametrize("key", KEYS, ids=str)
def test_a_failed_check_tells_figures_bound_and_remedy(instance: dg.DagsterInstance, key: dg.AssetCheckKey) -> None:
    asset = key.asset_key.to_user_string()
    broken, says = BROKEN[asset, key.name]
    done, asked = run_alone(instance, [key], {**SOUND[asset], **broken})
    (verdict,) = done.get_asset_check_evaluations()
    assert (verdict.check_name, verdict.passed, asked) == (key.name, False, [STEPS[asset]])
    for part in says:
        assert part in str(verdict.description)
    printed = list(lines(instance.all_logs(done.run_id)))
    assert printed[-1:] == [f"  check {asset}.{key.name} failed: {verdict.description}"]
    if not verdict.blocking:
        assert done.success
        return
    (failure,) = done.get_step_failure_events()
    assert causes_of([failure], None) == [f"{asset}_checks: {key.name}: {verdict.description}"]


@pytest.mark.parametrize("key", KEYS, ids=str)
def test_a_check_that_passes_tells_its_figures(instance: dg.DagsterInstance, key: dg.AssetCheckKey) -> None:
    asset = key.asset_key.to_user_string()
    done, _ = run_alone(instance, [key], SOUND[asset])
    (verdict,) = done.get_asset_check_evaluations()
    assert (done.success, verdict.passed) == (True, True)
    assert any(letter.isdigit() for letter in str(verdict.description))


def test_checks_of_one_asset_share_one_look(instance: dg.DagsterInstance) -> None:
    keys = [key for key in KEYS if key.asset_key == dg.AssetKey("churn_scores")]
    done, asked = run_alone(instance, keys[:2], SOUND["churn_scores"])
    assert {found.check_name for found in done.get_asset_check_evaluations()} == {key.name for key in keys[:2]}
    assert asked == ["inspect_churn_scores"]


def test_all_that_stops_a_run_reaches_the_portal(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLISH_DATABASE_URL", database)
    scores = step_asset("churn_scores", deps=[], group="model", kinds=set(), description="Scores.")
    snapshot = step_asset("portal_snapshot", deps=["churn_scores"], group="serving", kinds=set(), description="Rows.")
    (checks,) = [found for found in LOADED.asset_checks or [] if found.node_def.name == "churn_scores_checks"]
    facts = {**SOUND["churn_scores"], "outside": 2, "mean_probability": 0.2, "drifted": {"songs": 0.4}}
    answers = {"churn_scores": StepResult(30), "inspect_churn_scores": StepResult(30, facts)}
    with dg.DagsterInstance.ephemeral() as instance:
        job = dg.define_asset_job("all", dg.AssetSelection.all())
        here = dg.Definitions(
            [scores, snapshot], asset_checks=[checks], jobs=[job], resources={"pipeline": pipeline(answers)}
        )
        done = here.resolve_job_def("all").execute_in_process(instance=instance, raise_on_error=False)
        assert not done.asset_materializations_for_node("portal_snapshot")
        assert tell_portal_of(instance, done.run_id) == "The portal says so."
    ((causes,),) = run_sql(database, "select causes from failed_run")
    first, second = causes.splitlines()
    assert first.startswith("churn_scores_checks: probabilities_in_range: 2 of 30 scores")
    assert second.startswith("scores_like_last_time: Mean probability is 0.2 now")


def test_shows_the_values_it_judged() -> None:
    (verdict,) = judge("user_features", [UNIQUE], {"rows": 3, "distinct": 2})
    assert not verdict.passed
    assert verdict.severity == dg.AssetCheckSeverity.ERROR
    assert verdict.description == "3 rows hold 2 keys. Remove the others."
    assert {name: value.value for name, value in verdict.metadata.items()} == {"rows": 3, "distinct": 2}


def test_what_does_not_block_only_warns() -> None:
    (verdict,) = judge("trained_model", [SKILL], {"auc": 0.4})
    assert (verdict.passed, verdict.severity) == (False, dg.AssetCheckSeverity.WARN)


def test_passes_when_the_property_holds_and_needs_no_remedy() -> None:
    verdicts = list(judge("x", [UNIQUE, SKILL], {"rows": 1, "distinct": 1, "auc": 0.7}))
    assert [verdict.passed for verdict in verdicts] == [True, True]
    assert [verdict.description for verdict in verdicts] == ["1 rows hold 1 keys.", "It is 0.7; 0.5 is chance."]


def test_what_follows_a_check_waits_for_it_however_few_are_chosen(instance: dg.DagsterInstance) -> None:
    """A selection with one check and what comes after its asset: a check that is not chosen holds nothing up."""
    features = step_asset("user_features", deps=[], group="features", kinds=set(), description="Features.")
    scores = step_asset("churn_scores", deps=["user_features"], group="model", kinds=set(), description="Scores.")
    other = Property("other", "Nothing.", lambda _: False, lambda _: "0.", "None.", shows=())
    checks = step_checks("user_features", "inspect_user_features", [UNIQUE, other])
    key = dg.AssetCheckKey(dg.AssetKey("user_features"), "unique")
    selection = dg.AssetSelection.assets("churn_scores") | dg.AssetSelection.checks(key)
    for distinct, follows in ((2, 1), (1, 0)):
        answers = {"churn_scores": StepResult(2), "inspect_user_features": StepResult(2, {"distinct": distinct})}
        job = dg.define_asset_job("some", selection)
        here = dg.Definitions(
            [features, scores], asset_checks=[checks], jobs=[job], resources={"pipeline": pipeline(answers)}
        )
        done = here.resolve_job_def("some").execute_in_process(instance=instance, raise_on_error=False)
        assert len(done.asset_materializations_for_node("churn_scores")) == follows


def test_figures_and_lists_are_short() -> None:
    assert (figure(None), figure(1_234_567), figure(0.123456)) == ("unknown", "1,234,567", "0.123")
    assert few(["a", "b"]) == "a; b"
    assert few(list("abcde")) == "a; b; c and 2 more"
