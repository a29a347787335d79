"""A run that fails, and what reaches the mail server and the webhook."""

from collections.abc import Iterator

import dagster as dg
import pytest

from orchestration.defs.run_failures import failure_notice
from orchestration.notifications import BadNoticeSettingsError
from orchestration.run_lock import TRIGGER
from orchestration.step_definitions import step_asset
from spark_assets.errors import EncoreError
from tests.orchestration.fakes import pipeline
from tests.orchestration.listeners import mail_server, webhook

ASSET = step_asset("churn_scores", deps=[], group="model", kinds=set(), description="Scores.")
REASON = "The table user_features has not been made yet."


@pytest.fixture
def context() -> Iterator[dg.RunFailureSensorContext]:
    with dg.DagsterInstance.ephemeral() as instance:
        resources = {"pipeline": pipeline({"churn_scores": EncoreError(REASON)})}
        tags = {TRIGGER: "new data"}
        run = dg.materialize([ASSET], instance=instance, resources=resources, tags=tags, raise_on_error=False)
        yield dg.build_run_status_sensor_context(
            "failure_notice",
            dagster_event=run.get_run_failure_event(),
            dagster_instance=instance,
            dagster_run=run.dagster_run,
        ).for_run_failure()


def test_mail_and_webhook_say_what_failed_and_why(
    context: dg.RunFailureSensorContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = context.dagster_run.run_id
    with mail_server() as (mail_address, mails), webhook() as (hook_address, posts):
        monkeypatch.setenv("ENCORE_NOTICE_MAIL_TO", "ops@example.org")
        monkeypatch.setenv("EMAIL_URL", f"smtp+plain://{mail_address}")
        monkeypatch.setenv("ENCORE_MAIL_FROM", "encore@example.org")
        monkeypatch.setenv("ENCORE_NOTICE_WEBHOOK", f"http://{hook_address}/")
        monkeypatch.setenv("ENCORE_DAGSTER_URL", "https://dagster.example.org/")
        assert failure_notice(context) is None
    (mail,), (post,) = mails, posts
    assert f"Subject: Encore: the run {run_id[:8]} failed" in mail
    assert f"churn_scores: {REASON}" in mail
    assert f"https://dagster.example.org/runs/{run_id}" in mail
    assert f"churn_scores: {REASON}" in post["text"]
    assert post["encore"] == {
        "run_id": run_id, "job": context.dagster_run.job_name, "trigger": "new data", "failed_steps": "churn_scores"
    }  # fmt: skip


def test_off_without_settings(context: dg.RunFailureSensorContext, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ENCORE_NOTICE_MAIL_TO", "ENCORE_NOTICE_WEBHOOK", "ENCORE_NOTICE_WEBHOOK_FILE"):
        monkeypatch.delenv(name, raising=False)
    skipped = failure_notice(context)
    assert isinstance(skipped, dg.SkipReason)
    assert "names anybody" in str(skipped.skip_message)


def test_a_mistyped_address_fails_the_tick_and_loses_no_notice(
    context: dg.RunFailureSensorContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tick that fails is tried again with the same run, once the variable is mended."""
    monkeypatch.delenv("ENCORE_NOTICE_WEBHOOK", raising=False)
    monkeypatch.setenv("ENCORE_NOTICE_MAIL_TO", "ops@example.org")
    monkeypatch.setenv("ENCORE_MAIL_FROM", "encore@example.org")
    monkeypatch.setenv("EMAIL_URL", "smtp:/typo")
    with pytest.raises(BadNoticeSettingsError, match="EMAIL_URL is not of the form"):
        failure_notice(context)
    with mail_server() as (address, mails):
        monkeypatch.setenv("EMAIL_URL", f"smtp+plain://{address}")
        assert failure_notice(context) is None
    assert len(mails) == 1
