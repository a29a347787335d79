"""The condition of every asset, tick by tick, on a small graph: logs -> first -> second, with a check between."""

from collections.abc import Iterator

import dagster as dg
import pytest

from orchestration.definitions import defs
from orchestration.step_definitions import Property, on_new_data, step_asset, step_checks
from spark_assets.steps.settings import StepResult
from tests.orchestration.fakes import Answer, pipeline
from tests.orchestration.test_definitions import ASSETS

LOGS = dg.AssetSpec("logs")
FIRST, SECOND = (
    step_asset(name, deps=[dep], group="features", kinds=set(), description="Rows.")
    for name, dep in (("first", "logs"), ("second", "first"))
)
CHECK = step_checks(
    "first",
    "look",
    [Property("whole", "Rows.", lambda facts: facts["rows"] > 0, lambda _: "0 rows.", "Add.", ("rows",))],
)
GRAPH = dg.Definitions(assets=[LOGS, FIRST, SECOND], asset_checks=[CHECK], resources={"pipeline": pipeline({})})


class Ticks:
    """Evaluates the conditions again and again on one instance."""

    def __init__(self, instance: dg.DagsterInstance, definitions: dg.Definitions = GRAPH) -> None:
        self.instance = instance
        self.definitions = definitions
        self.cursor = None

    def tick(self) -> set[str]:
        """Names of the assets requested in this tick."""
        done = dg.evaluate_automation_conditions(self.definitions, self.instance, cursor=self.cursor)
        self.cursor = done.cursor
        keys = {result.key for result in done.results if not result.true_subset.is_empty}
        return {key.to_user_string() for key in keys}

    def report(self, name: str) -> None:
        self.instance.report_runless_asset_event(dg.AssetMaterialization(name))

    def run(self, *assets: dg.AssetsDefinition, checked: int = 1, fails: bool = False) -> bool:
        """Compute assets and the check, which finds `checked` rows."""
        computed: Answer = ZeroDivisionError() if fails else StepResult(1)
        answers = {"first": computed, "second": computed, "look": StepResult(checked)}
        done = dg.materialize(
            [*assets, *([CHECK] if FIRST in assets else [])],
            instance=self.instance,
            resources={"pipeline": pipeline(answers)},
            raise_on_error=False,
        )
        return done.success


@pytest.fixture
def ticks() -> Iterator[Ticks]:
    with dg.DagsterInstance.ephemeral() as instance:
        made = Ticks(instance)
        assert made.tick() == set()
        yield made


def test_new_logs_make_the_whole_chain_due_at_once_and_only_once(ticks: Ticks) -> None:
    ticks.report("logs")
    assert ticks.tick() == {"first", "second"}
    assert ticks.tick() == set()


def test_a_run_by_hand_of_everything_leaves_nothing_due(ticks: Ticks) -> None:
    ticks.report("logs")
    ticks.tick()
    assert ticks.run(FIRST, SECOND)
    assert ticks.tick() == set()
    assert ticks.run(FIRST, SECOND)
    assert ticks.tick() == set()


def test_one_asset_computed_by_hand_makes_due_what_builds_on_it(ticks: Ticks) -> None:
    ticks.report("logs")
    ticks.tick()
    ticks.tick()  # in the one after it, an asset still counts as just requested
    assert ticks.run(FIRST)
    assert ticks.tick() == {"second"}


def test_what_failed_its_blocking_check_is_not_built_upon(ticks: Ticks) -> None:
    ticks.report("logs")
    ticks.tick()
    ticks.tick()
    ticks.run(FIRST, checked=0)
    assert ticks.tick() == set()


def test_a_check_that_failed_yesterday_does_not_keep_todays_run_short(ticks: Ticks) -> None:
    ticks.report("logs")
    ticks.tick()
    ticks.run(FIRST, SECOND, checked=0)
    ticks.tick()
    ticks.report("logs")
    assert ticks.tick() == {"first", "second"}


def test_a_failed_run_is_not_repeated_until_logs_come(ticks: Ticks) -> None:
    ticks.report("logs")
    ticks.tick()
    assert not ticks.run(FIRST, SECOND, fails=True)
    assert ticks.tick() == set()
    ticks.report("logs")
    assert ticks.tick() == {"first", "second"}


def test_the_label_names_the_condition() -> None:
    assert on_new_data().get_label() == "on_new_data"


def test_reported_log_files_make_every_asset_but_past_days_due_in_one_tick() -> None:
    with dg.DagsterInstance.ephemeral() as instance:
        real = Ticks(instance, defs())
        assert real.tick() == set()
        real.report("log_files")
        assert real.tick() == ASSETS - {"log_files", "past_features", "past_scores"}
        assert real.tick() == set()
