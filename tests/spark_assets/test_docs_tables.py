import json
from pathlib import Path

import pytest

from spark_assets.docs_tables import candidates_table, figures_table, main, of_a_hundred_table

NAMES = ("roc_auc", "pr_auc", "lift_top_tenth", "brier", "log_loss", "ece", "mean_probability", "weighted_f1")
CARD = {
    "horizon_days": 14,
    "metrics": {
        **dict.fromkeys(NAMES, 0.25),
        "base_rate": 0.04,
        "brier_no_skill": 0.0384,
        "log_loss_no_skill": 0.168,
        "weighted_f1_no_skill": 0.94,
        "intervals": {**{name: [0.2, 0.3] for name in NAMES}, "pr_auc": None},
    },
    "search": [
        {"estimator": "XGBoost", "settings": {"maxDepth": 3}, "chosen": True, "pr_auc": 0.1, "roc_auc": 0.7,
         "lift_top_tenth": 2.5, "seconds": 4.21}
    ],
    "of_a_hundred": [
        {"least": 0.1, "greatest": 0.4, "examples": 80, "leavers": 20, "rate": 0.25, "low": 0.17, "high": 0.36}
    ],
}  # fmt: skip


def test_figures_stand_beside_their_intervals_and_no_skill() -> None:
    table = figures_table([CARD, CARD])
    assert "| figure | 14 days | 14 days, no skill | 14 days | 14 days, no skill |" in table
    assert "| ROC AUC | 0.250 (0.200 to 0.300) | 0.5 |" in table
    assert "| PR AUC | none | 0.040 |" in table
    assert "| Brier score | 0.250 (0.200 to 0.300) | 0.038 |" in table


def test_candidates_and_what_came_of_scores() -> None:
    assert "| **XGBoost** (chosen) | maxDepth 3 | 0.100 | 0.700 | 2.500 | 4.2 |" in candidates_table(CARD)
    assert "| 0.100 to 0.400 | 80 | 20 | 25.0 | 17.0 to 36.0 |" in of_a_hundred_table(CARD)


def test_cards_are_read_from_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "card.json"
    path.write_text(json.dumps(CARD))
    main("cards", str(path))
    assert capsys.readouterr().out.count("\n14 days\n") == 1
