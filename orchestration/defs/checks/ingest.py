"""Checks of events and daily sums."""

from orchestration.step_definitions import Facts, Property, few, step_checks

_SHARES = ("quarantined_percent", "quarantined_bytes_percent", "files_without_events_percent")
"""Of lines, of their bytes, of files."""
_LEFT_OUT = ("damaged", "passed_over", "files_without_events")
_ENDS = ("kept", "repeated", "logged_out", "quarantined", "erased")


def _adds_up(facts: Facts) -> bool:
    ledger = facts["ledger"]
    return bool(
        ledger["read"] == sum(ledger[name] for name in _ENDS)
        and facts["rows"] == ledger["kept"]
        and facts["quarantined_rows"] == ledger["quarantined"]
    )


def _counts(facts: Facts) -> str:
    ledger = facts["ledger"]
    ends = " + ".join(f"{ledger[name]:,} {name.replace('_', ' ')}" for name in _ENDS)
    held = f"The files hold {facts['rows']:,} events and {facts['quarantined_rows']:,} bad lines"
    sentence = f"{held}; the ledger says {ledger['read']:,} lines read = {ends}."
    return " ".join([sentence, *facts["differing_batches"][:3]])


def is_few_in_quarantine(facts: Facts) -> bool:
    """Whether no share is above the limit. One file never stops the others by being a file: of two it is half."""
    shares = _SHARES if len(facts["files_without_events"]) > 1 else _SHARES[:2]
    return all(facts[name] <= facts["limit_percent"] for name in shares)


def _quarantine(facts: Facts) -> str:
    lines, size, files = (f"{facts[name]:g} %" for name in _SHARES)
    worst = [f"{row['file']}: {row['reason']}, {row['lines']:,} lines" for row in facts["worst"]]
    return (
        f"Of the newest batch {lines} of the lines and {size} of their bytes are in quarantine, and {files} of the "
        f"files brought no event (judged from two on); {facts['limit_percent']} % is the most allowed."
        + (f" Most bad lines: {few(worst)}." if worst else "")
    )


def _every_file(facts: Facts) -> str:
    damaged, passed_over, without = (facts[name] for name in _LEFT_OUT)
    counts = f"{len(damaged):,} damaged, {len(passed_over):,} passed over by name"
    sentence = f"Log files not ingested: {counts}; without an event: {facts['files_without_events_percent']:g} %."
    reasons = [f"{name}: {reason}" for name, reason in {**damaged, **passed_over}.items()]
    reasons += [f"{name}: without an event" for name in without]
    return f"{sentence} {few(reasons)}." if reasons else sentence


def _columns(facts: Facts) -> str:
    missing, batches = facts["missing_columns"], facts["incomplete_batches"]
    where = f": {', '.join(missing)}; in the batches {', '.join(map(str, batches))}" if missing else ""
    return f"Columns that files of the two tables lack: {len(missing)}{where}."


def _days(facts: Facts) -> str:
    return f"{facts['rows']:,} rows hold {facts['distinct']:,} different pairs of customer and day."


cleaned_events_checks = step_checks(
    "cleaned_events",
    "inspect_events",
    [
        Property(
            "counts_add_up",
            "Each line is kept, repeated, logged out, quarantined or erased; the tables hold what the ledger says.",
            _adds_up,
            _counts,
            "Do for each batch what its sentence says. Where no batch is named, put the folder ledger of the lake back "
            "from a backup (docs/backup.md).",
            shows=("rows", "quarantined_rows", "ledger", "differing_batches"),
        ),
        Property(
            "few_in_quarantine",
            "Of the newest batch no larger share is in quarantine than the setting allows: of its lines, of their "
            "bytes, and of its files those of which no line is good, where there are two or more of them.",
            is_few_in_quarantine,
            _quarantine,
            "The table quarantined_events has each line with its reason. Drop mended files into the inbox, or raise "
            "ENCORE_MAX_QUARANTINE_PERCENT (for one run: max_quarantine_percent), then materialize everything.",
            shows=(*_SHARES, "limit_percent", "files_without_events", "worst"),
        ),
        Property(
            "every_file_read",
            "No log file in the inbox is damaged, none is passed over because of its name, and each file of the "
            "newest batch brought an event.",
            lambda facts: not any(facts[name] for name in _LEFT_OUT),
            _every_file,
            "Put whole copies in place of damaged files, and rename or remove the others.",
            shows=_LEFT_OUT,
            blocking=False,
        ),
        Property(
            "schema",
            "Both tables have the columns of the schema.",
            lambda facts: not facts["missing_columns"],
            _columns,
            "See that the log files of these batches lie in the inbox, launch the job withdraw_batch with each, then "
            "materialize everything.",
            shows=("missing_columns", "incomplete_batches"),
        ),
    ],
)

daily_activity_checks = step_checks(
    "daily_activity",
    "inspect_daily_activity",
    [
        Property(
            "one_row_per_customer_and_day",
            "No customer has two rows for one day.",
            lambda facts: facts["rows"] == facts["distinct"],
            _days,
            "Delete the folder daily_activity of the lake, then materialize daily_activity and what comes after it.",
            shows=("rows", "distinct"),
        )
    ],
)
