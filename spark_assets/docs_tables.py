"""Tables of the documentation made from code: the registry of features, and a model's card.

`python -m spark_assets.docs_tables features docs/features.md` and `... cards CARD.json` write them."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from spark_assets.features.linear_counting import BITS
from spark_assets.features.registry import FAMILIES, FEATURES, MODEL_FEATURES, Feature

Card = dict[str, Any]

_FIGURES = {
    "roc_auc": ("ROC AUC", "0.5"),
    "pr_auc": ("PR AUC", "base_rate"),
    "lift_top_tenth": ("lift in the top 10 %", "1"),
    "brier": ("Brier score", "brier_no_skill"),
    "log_loss": ("log loss", "log_loss_no_skill"),
    "ece": ("expected calibration error", ""),
    "mean_probability": ("mean probability", "base_rate"),
    "weighted_f1": ("weighted F1 (misleads alone)", "weighted_f1_no_skill"),
}
_DIGITS = 3


def figures_table(cards: Sequence[Card]) -> str:
    """The figures of each card's judging window with intervals of 95 %, and what no skill gives, side by side."""
    horizons = [card["horizon_days"] for card in cards]
    rows = [["figure", *(f"{days} days{what}" for days in horizons for what in ("", ", no skill"))]]
    for name, (words, no_skill) in _FIGURES.items():
        cells = [cell for card in cards for cell in (_figure(card, name), _no_skill(card, no_skill))]
        rows.append([words, *cells])
    return _markdown(rows)


def candidates_table(card: Card) -> str:
    """Every candidate of a card: means over its folds, and the seconds of its fits; the chosen one is marked."""
    rows = [["candidate", "settings", "PR AUC", "ROC AUC", "lift in the top 10 %", "seconds"]]
    for found in card["search"]:
        settings = ", ".join(f"{name} {value:g}" for name, value in found["settings"].items())
        name = f"**{found['estimator']}** (chosen)" if found["chosen"] else found["estimator"]
        numbers = (f"{found[figure]:.3f}" for figure in ("pr_auc", "roc_auc", "lift_top_tenth"))
        rows.append([name, settings, *numbers, f"{found['seconds']:.1f}"])
    return _markdown(rows)


def of_a_hundred_table(card: Card) -> str:
    """Of 100 customers with such a score, how many left."""
    rows = [["probability", "customers", "left", "of 100", "interval of 95 %"]]
    for found in card["of_a_hundred"]:
        span = f"{found['least']:.3f} to {found['greatest']:.3f}"
        interval = f"{found['low'] * 100:.1f} to {found['high'] * 100:.1f}"
        rows.append([span, str(found["examples"]), str(found["leavers"]), f"{found['rate'] * 100:.1f}", interval])
    return _markdown(rows)


def _figure(card: Card, name: str) -> str:
    value, interval = card["metrics"][name], card["metrics"]["intervals"][name]
    if value is None or interval is None:
        return "none"
    return f"{value:.{_DIGITS}f} ({interval[0]:.{_DIGITS}f} to {interval[1]:.{_DIGITS}f})"


def _no_skill(card: Card, no_skill: str) -> str:
    return f"{card['metrics'][no_skill]:.{_DIGITS}f}" if no_skill in card["metrics"] else no_skill


def _markdown(rows: list[list[str]]) -> str:
    lines = [rows[0], ["---"] * len(rows[0]), *rows[1:]]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def write_cards(paths: Sequence[str]) -> None:
    """Print the tables of some cards."""
    cards = [json.loads(Path(path).read_text(encoding="utf-8")) for path in paths]
    sys.stdout.write(f"{figures_table(cards)}\n")
    for card in cards:
        sys.stdout.write(f"\n{card['horizon_days']} days\n\n{candidates_table(card)}\n{of_a_hundred_table(card)}\n")


_HEAD = f"""# Features

After this page, you can read each of the {len(FEATURES)} features, {len(MODEL_FEATURES)} of which the model reads.

`.venv/bin/python -m spark_assets.docs_tables features docs/features.md` writes this page from
`spark_assets/features/registry`; change it there.

- Every feature is computed for a customer as of a cut-off, from the days of `daily_activity` strictly before it.
- A window of 7 days is the 7 days before the cut-off; `life` is the whole log before it. Days are UTC.
- Pages of a cancellation enter no feature, and an id is never a feature. Only `account_age_days` of an account that
  has left ends with its cancellation.
- A division by zero gives null. Sums are of whole numbers, so no order of events can change a feature.
- Contributions of features to a score are summed by topic ([explanations](explanations.md)).
- Different artists and songs are estimated by linear counting with {BITS} bits: to 2 to 5 % up to 3,300 in 30 days.
"""


def registry_table() -> str:
    """The page, as Markdown."""
    return "\n".join([_HEAD, *(_section(title, family) for title, family in FAMILIES.items())])


def _section(title: str, family: tuple[Feature, ...]) -> str:
    head = (
        f"## {title}\n\n| feature | topic | meaning | unit | window | columns of `daily_activity` |\n"
        "|---|---|---|---|---|---|\n"
    )
    return head + "".join(_row(feature) for feature in family)


def _row(feature: Feature) -> str:
    sources = ", ".join(f"`{source}`" for source in feature.sources)
    note = "" if feature.for_model else " (for people only)"
    cells = [f"`{feature.name}`", feature.topic.value, feature.meaning + note, feature.unit, feature.window, sources]
    return f"| {' | '.join(cells)} |\n"


def main(kind: str, *paths: str) -> None:
    """Write one kind of tables: `features PAGE`, or `cards CARD.json ...` to the terminal."""
    if kind == "cards":
        write_cards(paths)
    else:
        Path(paths[0]).write_text(registry_table(), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
