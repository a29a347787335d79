"""Every command that the docs show can be run as it stands there, and something runs it.

Most run in a fresh clone, in an operator's first week (`make walk`), the rest in tests, and a few by hand elsewhere.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import load_command_class

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
WEEK = "tests/e2e/first_week.py"
CI = ".ci/run"
BY_HAND = "docs/adr/0031-containers-tried-by-hand.md"
"""Its tables of what was done by hand, on a machine with Docker."""
UNTRIED = ""
"""Needs an account or a cluster that no test has; the docs say so there."""

RUN_BY = {
    "make up": WEEK,
    "make down": WEEK,
    "make status": WEEK,
    "make simulate": WEEK,
    "make materialize": WEEK,
    "make backup": WEEK,
    "make restore": WEEK,
    "make password": WEEK,
    "make clean": WEEK,
    "make portal": WEEK,
    "make dagster": WEEK,
    "make alerts": WEEK,
    "make env-dev": WEEK,
    "make lock": WEEK,
    "make audit": WEEK,
    "make screenshots": WEEK,
    "make check": CI,
    "make test": CI,
    "make quick": "Makefile",
    "make test-all": "Makefile",
    "make bench": "Makefile",
    "make fix": "Makefile",
    "make docs": "tests/docs/test_site.py",
    "make walk": "Makefile",
    "make release": "tests/deploy/local/test_release.py",
    "git clone": WEEK,
    "git push": "tests/deploy/local/test_release.py",
    "find": "tests/e2e/test_dagster_history.py",
    ".venv/bin/pre-commit install": WEEK,
    ".venv/bin/python -m orchestration materialize": WEEK,
    ".venv/bin/python -m deploy.local run": WEEK,
    ".venv/bin/python -m deploy.local up": "Makefile",
    ".venv/bin/python -m deploy.emr.environment": "tests/deploy/emr/test_environment.py",
    ".venv/bin/python -m spark_assets.docs_tables features": "tests/spark_assets/features/test_registry.py",
    ".venv/bin/venv-pack": WEEK,
    "manage.py apply_retention": "tests/webportal/privacy/test_retention.py",
    "manage.py erase_person": "tests/e2e/test_erasure.py",
    "manage.py export_person": "tests/webportal/customers/test_odd_numbers.py",
    "manage.py follow_snapshots": WEEK,
    "manage.py reencrypt_secrets": "tests/webportal/operations/test_key_rotation.py",
    "manage.py reset_password": "tests/webportal/operations/management/commands/test_reset_password.py",
    "$CLASS org.apache.spark.deploy": "tests/e2e/standalone.py",
    "curl": "tests/webportal/browser/test_crm_commands.py",
    "install --directory": "tests/deploy/images/test_images.py",
    "docker compose": BY_HAND,
    "dagster run list": BY_HAND,
    "podman kube play": BY_HAND,
    "aws cloudformation deploy": UNTRIED,
    "aws emr-serverless create-application": UNTRIED,
    "aws s3api put-bucket-versioning": UNTRIED,
}
PROGRAMS = r"(?:make|git|python|pip|dagster|dg|docker|podman|aws|curl|find|install|manage\.py|\$CLASS|\.venv/bin/\S+)"
VARIABLES = r'(?:[A-Z_]+=(?:"[^"]*"|\S+) )*'


def blocks(text: str) -> list[str]:
    return re.findall(r"^ *```sh\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL)


def lines_of(block: str) -> list[str]:
    joined = re.sub(r"<<END.*?^END$", "", block.replace("\\\n", " "), flags=re.MULTILINE | re.DOTALL)
    stripped = (line.strip() for line in joined.splitlines())
    parts = (part for line in stripped if not re.match(r"[A-Z_]+=\S+$", line) for part in line.split(" && "))
    return [part for part in parts if re.match(f"{VARIABLES}{PROGRAMS} ", part)]


def commands() -> list[tuple[str, str]]:
    """Return the page and the words of each command, without variables that stand before it."""
    found = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        prose = re.sub(r"^ *```.*?^ *```", "", text, flags=re.MULTILINE | re.DOTALL)
        inline = re.findall(rf"`({VARIABLES}{PROGRAMS} [^`\n]*[^X`\n])`", prose)
        shown = [line for block in blocks(text) for line in lines_of(block)]
        found += [(page.name, re.sub(f"^{VARIABLES}", "", words)) for words in (*inline, *shown)]
    return found


def row_of(words: str) -> str | None:
    fitting = [row for row in RUN_BY if words == row or words.startswith((f"{row} ", f"{row}."))]
    return max(fitting, key=len, default=None)


@pytest.mark.parametrize(("page", "words"), sorted(set(commands())))
def test_each_command_is_run_by_something(page: str, words: str) -> None:
    row = row_of(words)
    assert row is not None, f"{page} shows `{words}`: say in RUN_BY what runs it"


@pytest.mark.parametrize("row", RUN_BY)
def test_what_is_said_to_run_it_does(row: str) -> None:
    assert any(row_of(words) == row for _, words in commands()), "no page shows it"
    if RUN_BY[row]:
        decisive = re.split(r"[ /]", row)[-1].removeprefix("deploy.")
        assert decisive in (ROOT / RUN_BY[row]).read_text(encoding="utf-8").replace("$(LOCAL)", "local")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_shown_scripts_are_scripts(page: Path) -> None:
    for block in blocks(page.read_text(encoding="utf-8")):
        script = re.sub(r"<[\w ]+>", "value", block)  # stands for something of the reader's
        assert subprocess.run(["bash", "-n"], input=script, text=True, capture_output=True, check=False).stderr == ""


def test_the_page_of_commands_lists_every_target() -> None:
    targets = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert [name for name in targets if name != "help" and not re.search(rf"`make {name}[ `]", page)] == []


def test_make_is_given_what_it_knows() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for page, words in commands():
        program, *rest = words.split("#")[0].split()
        if program == "make":
            targets = [word for word in rest if re.fullmatch(r"[a-z-]+", word)]
            assert all(f"\n{target}:" in makefile for target in targets), (page, words)
            named = re.findall(r"([A-Z]+)=", words)
            assert all(f"$({name})" in makefile or name == "CONFIRM" for name in named), (page, words)


@pytest.mark.parametrize("words", sorted({words for _, words in commands() if words.startswith("manage.py ")}))
def test_commands_of_the_portal_take_these_arguments(words: str) -> None:
    _, name, *arguments = words.split()
    (app,) = (ROOT / "webportal").glob(f"*/management/commands/{name}.py")
    parser = load_command_class(f"webportal.{app.parts[-4]}", name).create_parser("manage.py", name)
    if arguments:
        parser.parse_args([each.replace("SECONDS", "5") for each in arguments])


def test_benchmarks_of_the_docs_exist() -> None:
    names = {found for _, words in commands() for found in re.findall(r'make bench ARGS="-k (\w+)"', words)}
    assert names
    listed = subprocess.run(
        [sys.executable, "-m", "pytest", "tests/benchmarks", "--collect-only", "-q", "-p", "no:cacheprovider"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    assert {name for name in names if name not in listed} == set()
