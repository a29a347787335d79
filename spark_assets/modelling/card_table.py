"""Cards as tables of documentation: `python -m spark_assets.modelling.card_table CARD.json ...`."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

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


def main(paths: Sequence[str]) -> None:
    """Print the tables of some cards."""
    cards = [json.loads(Path(path).read_text(encoding="utf-8")) for path in paths]
    sys.stdout.write(f"{figures_table(cards)}\n")
    for card in cards:
        sys.stdout.write(f"\n{card['horizon_days']} days\n\n{candidates_table(card)}\n{of_a_hundred_table(card)}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
