"""The registry as a page of documentation: `python -m spark_assets.features.registry_table docs/features.md`."""

import sys
from pathlib import Path

from spark_assets.features.linear_counting import BITS
from spark_assets.features.registry import FAMILIES, FEATURES, MODEL_FEATURES, Feature

_HEAD = f"""# Features

After this page, you can read each of the {len(FEATURES)} features, {len(MODEL_FEATURES)} of which the model reads.

`.venv/bin/python -m spark_assets.features.registry_table docs/features.md` writes this page from
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


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(registry_table(), encoding="utf-8")
