"""Logs to features, measured: against a notebook and duckdb, for memory, and for one new day on top of sixty."""

import shutil
import sys
from pathlib import Path

from tests.benchmarks.measuring import Logs, Run, measure, table


def run(program: str, logs: Path, out: Path, *steps: str) -> tuple[Run, dict[str, float]]:
    found = measure([sys.executable, "-m", "tests.benchmarks.programs", program, str(logs), str(out), *steps])
    return found, found.told


def test_conversion_side_by_side(logs: Logs, workshop: Path) -> None:
    """Goal: at least 3 times as fast as the notebook, at most twice the time of duckdb."""
    seconds: dict[str, list[float]] = {"notebook": [], "duck": [], "encore": []}
    for turn in range(2):
        for program, steps in (("notebook", ()), ("duck", ()), ("encore", ("ingest_logs",))):
            out = workshop / f"{program}-{turn}"
            _, found = run(program, logs.folder, out, *steps)
            seconds[program].append(sum(found.values()))
            shutil.rmtree(out)
    best = {program: min(found) for program, found in seconds.items()}
    rows = [("program", "seconds", "MB/s", "Encore / it")]
    for program, found in best.items():
        rate = logs.gigabytes * 1000 / found
        rows.append((program, f"{found:.1f}", f"{rate:.0f}", f"{best['encore'] / found:.2f}"))
    table(f"Conversion to Parquet, {logs.gigabytes:.1f} GB of plain logs (better of two, in turn)", rows)


def test_logs_to_features_and_one_new_day(logs: Logs, workshop: Path) -> None:
    """Goals: 12 GB in under 6 minutes on 2 cores; one new day under 15 % of the whole."""
    out = workshop / "features"
    inbox, newest = _sixty_days(logs, workshop / "sixty", out)
    whole, full = run("encore", inbox, out)
    (inbox / newest.name).hardlink_to(newest)
    _, cold = run("encore", inbox, out)
    inbox, newest = _sixty_days(logs, workshop / "sixty", out)
    _, warm = run("one_more", inbox, out, str(newest))
    rows = [("step", "60 days, s", "1 more day, a new process, s", "share", "the same process, s", "share")]
    for step in full:
        rows.append((step, *_shares(full[step], cold[step], warm[step])))
    rows.append(("together", *_shares(*(sum(found.values()) for found in (full, cold, warm)))))
    table(f"Logs to features, {logs.gigabytes:.1f} GB; peak MB {_peaks(whole)}", rows)


def test_memory_stays_flat(logs: Logs, few_logs: Logs, workshop: Path) -> None:
    """Goal: the driver needs no more memory for twelve times the logs."""
    rows = [("logs", "peak MB of the Java process", "largest Python process")]
    for sized in (few_logs, logs):
        out = workshop / "memory"
        shutil.rmtree(out, ignore_errors=True)
        found, _ = run("encore", sized.folder, out)
        rows.append((f"{sized.gigabytes:.1f} GB", f"{found.peak_mb['java']:.0f}", f"{found.peak_mb['python']:.0f}"))
    table("Memory from logs to features", rows)


def _sixty_days(logs: Logs, inbox: Path, out: Path) -> tuple[Path, Path]:
    """An inbox of all days but the newest, nothing in `out`, and the log of that day."""
    for folder in (inbox, out):
        shutil.rmtree(folder, ignore_errors=True)
    inbox.mkdir()
    *sixty, newest = sorted(logs.folder.glob("*.json"))
    for path in sixty:
        (inbox / path.name).hardlink_to(path)
    return inbox, newest


def _shares(full: float, *others: float) -> list[str]:
    return [f"{full:.1f}", *(text for other in others for text in (f"{other:.1f}", f"{other / full:.0%}"))]


def _peaks(found: Run) -> str:
    return ", ".join(f"{name} {found.peak_mb[name]:.0f}" for name in ("java", "python"))
