"""What the error texts of variables advise is done to the letter, and the settings are read."""

import re
from collections.abc import Callable
from pathlib import Path

import boto3
import pytest

from deploy.emr import environment as packing
from orchestration.compute.archive import Package
from orchestration.compute.emr.cluster import upload
from orchestration.compute.emr.settings import EmrSettings
from orchestration.metrics import FiguresSettings
from orchestration.notifications import NoticeSettings
from orchestration.settings import Settings
from spark_assets.errors import EncoreError
from tests.aws import bucket, moto_server

Read = Callable[[dict[str, str]], object]

MAIL = {
    "ENCORE_NOTICE_MAIL_TO": "ops@example.org",
    "EMAIL_URL": "smtps://mail.example.org",
    "ENCORE_MAIL_FROM": "encore@example.org",
}
EMR = {"ENCORE_COMPUTE": "emr", "EMR_BUCKET": "s3://encore"}
SERVERLESS = {"ENCORE_COMPUTE": "emr-serverless", "EMR_BUCKET": "s3://encore", "EMR_APPLICATION_ID": "00f1abc"}
SERVERLESS |= {"EMR_EXECUTION_ROLE": "arn:aws:iam::123456789012:role/encore"}

PYTHON = ".venv/bin/python"


def told(read: Read, environ: dict[str, str]) -> str:
    """Return the error that reading ends with, empty when there is none."""
    try:
        read(environ)
    except ValueError as error:
        return str(error)
    return ""


def advised(text: str) -> list[str]:
    """Return every value that a text gives as an example, as a bound, or as one of a list."""
    if choices := re.search(r"one of \[(.*?)\]", text):
        return [each.strip("'") for each in choices[1].split(", ")]
    if bounds := re.search(r"(?:must lie in \[|number from )(.+?)(?:, | to )(\d+(?:\.\d+)?)", text):
        return [bounds[1], bounds[2]]
    if examples := re.search(r"(?:as in|such as|not of the form(?= \S+[;.])) (\S+?)[.:,;]?(?: |$)", text):
        return [examples[1]]
    return [word.rstrip(".,") for word in text.split() if "://" in word and word.rstrip(".,")[-1] != "/"]


@pytest.mark.parametrize(
    ("read", "given", "name", "wrong"),
    [
        (Settings.from_environ, {}, "ENCORE_COMPUTE", "mainframe"),
        (Settings.from_environ, {"ENCORE_COMPUTE": "cluster"}, "SPARK_MASTER", ""),
        (Settings.from_environ, {}, "ENCORE_LAKE", "s3://lake/a?region=eu-west-1"),
        (Settings.from_environ, {}, "ENCORE_HORIZON_DAYS", "0"),
        (Settings.from_environ, {}, "ENCORE_MAX_PSI", "-1"),
        (Settings.from_environ, {}, "ENCORE_CHOOSE_BY", "luck"),
        (NoticeSettings.from_environ, MAIL, "EMAIL_URL", "mail.example.org"),
        (NoticeSettings.from_environ, MAIL, "EMAIL_URL", "smtp+plain://mail.example.org"),
        (NoticeSettings.from_environ, {}, "ENCORE_NOTICE_WEBHOOK", "chat.example.org"),
        (FiguresSettings.from_environ, {}, "ENCORE_PUSHGATEWAY", "gateway:9091"),
        (FiguresSettings.from_environ, {}, "ENCORE_PIPELINE_METRICS_FILE", "/var/lib/encore"),
        *(
            (Settings.from_environ, EMR, name, wrong)
            for name, wrong in [
                ("EMR_BUCKET", ""),
                ("EMR_BUCKET", "encore"),
                ("EMR_CLUSTER_ID", "my cluster"),
                ("EMR_SUBNET_ID", "10.0.0.0/24"),
                ("EMR_SECURITY_GROUP", "default"),
                ("EMR_CORE_TYPE", "large"),
                ("EMR_ENVIRONMENT", "environment.tar.gz"),
                ("EMR_SECRET", "two words"),
                ("EMR_CORE_NODES", "0"),
                ("EMR_CORE_NODES", "many"),
                ("EMR_IDLE_SECONDS", "59"),
            ]
        ),
        (Settings.from_environ, SERVERLESS, "EMR_APPLICATION_ID", "My-Application"),
        (Settings.from_environ, SERVERLESS, "EMR_EXECUTION_ROLE", "encore-serverless"),
    ],
)
def test_a_wrong_variable_becomes_what_its_text_says(read: Read, given: dict[str, str], name: str, wrong: str) -> None:
    text = told(read, {**given, name: wrong})
    assert name in text
    values = [value for value in advised(text) if value != "or"]
    assert values, text
    for value in values:
        more = {"emr": EMR, "emr-serverless": SERVERLESS, "cluster": {"SPARK_MASTER": "yarn"}}.get(value, {})
        assert told(read, {**more, **given, name: value}) == "", (text, value)


def test_what_one_variable_needs_beside_it_is_named_and_is_all() -> None:
    environ = {"ENCORE_NOTICE_MAIL_TO": MAIL["ENCORE_NOTICE_MAIL_TO"]}
    text = told(NoticeSettings.from_environ, environ)
    assert told(NoticeSettings.from_environ, environ | {name: MAIL[name] for name in MAIL if name in text}) == ""


def test_variables_that_emr_lacks_are_asked_for_at_once() -> None:
    for compute in ("emr", "emr-serverless"):
        text = told(Settings.from_environ, {"ENCORE_COMPUTE": compute})
        given = {name: value for name, value in SERVERLESS.items() if f"{name}: " in text}
        assert told(Settings.from_environ, {"ENCORE_COMPUTE": compute, **given}) == ""


@pytest.mark.parametrize("elsewhere", ["", "s3://encore-tests/elsewhere/python.tar.gz"])
def test_the_environment_of_the_nodes_is_uploaded_to_where_steps_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, elsewhere: str
) -> None:
    settings = EmrSettings(bucket="s3://encore-tests/prefix", environment=elsewhere)
    for name in ("archive.zip", "script.py", "environment.tar.gz"):
        (tmp_path / name).write_text(name)
    package = Package(archive=tmp_path / "archive.zip", script=tmp_path / "script.py")
    with moto_server() as variables, bucket("encore-tests", variables):
        s3 = boto3.client("s3")
        with pytest.raises(EncoreError, match=f"{settings.environment_uri} does not exist") as refused:
            upload(s3, package, settings)
        command = re.findall(r"`(.*)`", str(refused.value))[0].split()
        for word in command[: command.index(PYTHON)]:
            monkeypatch.setenv(*word.split("=", 1))
        assert command[command.index(PYTHON) :] == [PYTHON, "-m", packing.__name__]
        monkeypatch.setattr(packing, "build", lambda output, *_: output.write_text("packed elsewhere, in minutes"))
        assert packing.main(["--output", str(tmp_path / "environment.tar.gz")]) == 0
        assert upload(s3, package, settings).environment == settings.environment_uri
