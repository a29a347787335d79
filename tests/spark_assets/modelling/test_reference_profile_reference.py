import numpy as np
import pandas as pd
import pytest

from spark_assets.errors import MissingTableError
from spark_assets.modelling.reference_profile import FeatureReference, means_of, portrait, references_of

NAMES = ["songs_7d", "adverts_7d", "silent"]


def card() -> dict[str, object]:
    drawn = pd.DataFrame({"adverts_7d": [1.0] * 3 + [np.nan], "songs_7d": [0.0, 1, 2, 3], "silent": [np.nan] * 4})
    return {"features": NAMES, "portrait": portrait(drawn, ["adverts_7d", "songs_7d", "silent"])}


def test_features_come_in_the_order_of_the_model() -> None:
    found = references_of("2018-12-01.1", card())
    assert [each.typical for each in found] == [1.5, 1.0, None]
    assert list(means_of(found)) == [1.5, 1.0, 0.0]
    assert (found[0].low, found[0].high) == (pytest.approx(0.003), pytest.approx(2.997))
    assert (found[2].low, found[2].high) == (-np.inf, np.inf)


def test_a_card_of_an_earlier_encore_says_what_to_do() -> None:
    for old in ({"features": NAMES}, {"features": NAMES, "portrait": {name: {"typical": 1.0} for name in NAMES}}):
        with pytest.raises(MissingTableError, match=r"model 2018-12-01\.1 .* Materialize trained_model"):
            references_of("2018-12-01.1", old)


def test_percentiles_halve_those_who_share_the_value() -> None:
    counts = FeatureReference(quantiles=(0.0,) * 60 + (1.0,) * 20 + (9.0,) * 21, typical=0.0, mean=0.0)
    assert [counts.percentile(value) for value in (-1, 0, 0.5, 1, 9, 10)] == [0, 30, 60, 70, 90, 100]
    assert FeatureReference((), None, 0).percentile(1) is None
