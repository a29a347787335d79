"""An operator's first week, in a fresh clone, with the commands of the docs as they stand there: `make walk`.

What commands print is checked, and pages of Dagster and of the portal are pictured for docs/first-week.md.
"""

import argparse
import gzip
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from spark_assets.lake.sample_logs import SAMPLE_MARK
from tests.e2e.operator import Operator
from tests.embedded import reachable_folder
from tests.orchestration.listeners import webhook
from tests.webportal.browser import harness

FIRST_DAYS = 60
CHECKS = "/assets/cleaned_events?view=checks&checkDetail="
LINEAGE = "/assets/portal_snapshot?view=lineage&lineageScope=upstream&lineageDepth=10"


def date_of(number: int) -> str:
    """Return the date of a day of the sample logs, counted from 1."""
    return str(date(2018, 10, 1) + timedelta(days=number - 1))


def day(number: int) -> str:
    """Return the name of the file of a day."""
    return f"{SAMPLE_MARK}{date_of(number)}.json.gz"


def monday(week: Operator, project: Path) -> None:
    """Clone, look at what `make` can do, and bring it up with the logs of two months."""
    subprocess.run(["git", "clone", "--quiet", str(project), str(week.clone)], check=True)
    week.run("make", "make up ", "make status ")
    week.run(f"make simulate USERS=200 DAYS={FIRST_DAYS + 6} SEED=1 OUT={week.later}", "daily files")
    week.inbox.mkdir(exist_ok=True)
    for number in range(1, FIRST_DAYS + 1):
        week.drop(day(number))
    printed = week.run("make up", "Encore is up.", "Snapshot 1 as of")
    week.passwords = dict(re.findall(r"\b(agent|admin)  +(\S+)", printed))
    assert week.as_of() == date_of(FIRST_DAYS)
    week.picture("week-assets", "dagster", LINEAGE, "churn_scores")


def tuesday(week: Operator) -> None:
    """Drop a file: the rest happens by itself."""
    week.drop(day(FIRST_DAYS + 1))
    week.awaited("the new day is in the portal", lambda: week.as_of() == date_of(FIRST_DAYS + 1))
    week.picture("week-runs", "dagster", "/runs", "Success")


def wednesday(week: Operator) -> None:
    """A copy breaks off: the file is named, all else goes on, and the whole file mends it."""
    whole = week.drop(day(FIRST_DAYS + 2))
    content = whole.read_bytes()
    whole.write_bytes(content[: len(content) // 2])
    week.awaited("the damaged file is told", lambda: any(whole.name in text for text in week.told))
    print(week.told[-1])  # noqa: T201 - a command's output
    week.run("make materialize", "DAMAGED", whole.name, code=2)
    week.picture("week-damaged", "dagster", f"{CHECKS}every_file_read", whole.name)
    whole.write_bytes(content)
    week.awaited("the whole file is in the portal", lambda: week.as_of() == date_of(FIRST_DAYS + 2))


def thursday(week: Operator) -> None:
    """Half of a file is broken: the run fails, the portal says so, and the mended file takes its place."""
    file = week.drop(day(FIRST_DAYS + 3))
    good = file.read_bytes()
    lines = gzip.decompress(good).splitlines()
    file.write_bytes(gzip.compress(b"\n".join(line[: -5 * (at % 2)] or line for at, line in enumerate(lines))))
    told = len(week.told)
    week.awaited("the failed run is told", lambda: any("few_in_quarantine" in it for it in week.told[told:]))
    print(week.told[-1])  # noqa: T201 - a command's output
    assert week.as_of() == date_of(FIRST_DAYS + 2)
    week.awaited("the portal says so", lambda: "few_in_quarantine" in week.front_page())
    with week.page("portal", "/") as page:
        page.get_by_text("What failed").click()
        week.shoot(page, "week-failed-portal", "few_in_quarantine")
    week.picture("week-failed-check", "dagster", f"{CHECKS}few_in_quarantine", "49.")
    file.write_bytes(good)
    week.awaited("the mended day is in the portal", lambda: week.as_of() == date_of(FIRST_DAYS + 3))
    assert "few_in_quarantine" not in week.front_page()


def friday(week: Operator) -> None:
    """A server dies and comes back; a setting changes; the weekend's backup is made."""
    running = re.compile(r"Portal +running .*pid (\d+)")
    before = running.findall(week.run("make status"))
    os.kill(int(before[0]), signal.SIGKILL)
    week.awaited("the portal is up again", lambda: running.findall(week.run("make status || true")) not in ([], before))
    week.environ["ENCORE_KEEP_SNAPSHOTS"] = "30"
    week.run("make up", "Encore is up.")
    week.run(f"make backup TO={week.backup}")


def saturday(week: Operator) -> None:
    """The disk is lost: everything comes back from the backup."""
    week.run("make down")
    shutil.rmtree(week.clone / ".encore" / "lake")
    week.run(f"make restore FROM={week.backup} CONFIRM=yes")
    week.run("make up", "Encore is up.")
    assert week.as_of() == date_of(FIRST_DAYS + 3)


def sunday(week: Operator) -> None:
    """Small things: a forgotten password, a run by hand, a look at the newest, and good-bye."""
    printed = week.run("make password USER=agent")
    assert week.passwords["agent"] not in printed
    week.run("make materialize")
    week.run(".venv/bin/python -m orchestration materialize --help", "--horizon-days")
    week.run(".venv/bin/python -m deploy.local run --for portal -- python webportal/manage.py follow_snapshots --once")
    week.run("make down")
    week.serve("make portal", "/healthz")
    week.serve("make dagster", "/server_info")
    week.run("timeout --signal=INT 30 make alerts EVERY=5", code=124)  # timeout's own code
    week.run("make clean CONFIRM=yes")
    assert not (week.clone / ".encore").exists()


def next_week(week: Operator) -> None:
    """What who changes the code needs."""
    week.run("make env-dev")
    week.run("make lock && git diff --exit-code")
    week.run("make audit")
    week.run(".venv/bin/pre-commit install")
    week.run(f"make screenshots OUT={week.clone / 'pictures'}", "overview.png")
    week.run(".venv/bin/venv-pack --prefix .venv --output environment.tar.gz")


def main(arguments: Sequence[str] | None = None) -> None:
    """Walk through the week; write the pictures into the folder that is named."""
    parser = argparse.ArgumentParser(description="Walk through an operator's first week in a fresh clone.")
    parser.add_argument("folder", type=Path)
    pictures = parser.parse_args(arguments).folder
    with reachable_folder() as folder, harness.chromium() as browser, webhook() as (hook, notices):
        week = Operator(folder, hook, notices, browser, pictures)
        try:
            monday(week, harness.ROOT)
            for walk in (tuesday, wednesday, thursday, friday, saturday, sunday, next_week):
                print(walk.__name__.replace("_", " ").capitalize(), flush=True)  # noqa: T201 - a command's output
                walk(week)
        finally:
            subprocess.run(["make", "down"], cwd=week.clone, env=week.environ, check=False, capture_output=True)


if __name__ == "__main__":
    main()
