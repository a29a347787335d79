"""What is told of a customer and of the scores of a snapshot: the JSON columns, as the publisher writes them."""

from spark_assets.contracts.explanations import ACTIVITY_DAYS, Change, ModelFacts, Moment, Reason
from tests.webportal.cards import MODEL_CARD

REASONS: list[Reason] = [
    {
        "c": 0.62,
        "f": "adverts_7d",
        "v": 12.0,
        "q": 93,
        "s": "12 adverts in the last 7 days, more than usual; typical is 4",
    },
    {
        "c": 0.41,
        "f": "songs_trend_7d",
        "v": -0.25,
        "q": 21,
        "s": "40 % fewer songs in the last 7 days than in the 7 before, fewer than usual; typical is 5 % more",
    },
    {
        "c": -0.3,
        "f": "account_age_days",
        "v": 1204.0,
        "q": 97,
        "s": "Registered 1,204 days ago, longer than usual; typical is 71",
    },
    {
        "c": 0.12,
        "f": "thumbs_down_share_30d",
        "v": None,
        "q": None,
        "s": "No thumbs up or down in the last 30 days; the model assumes what is typical",
    },
    {
        "c": -0.09,
        "f": "is_paid",
        "v": 1.0,
        "q": 62,
        "s": "On the paid level, like most customers",
    },
]
CHANGE: Change = {
    "p": 0.214,
    "m": [
        {"f": "adverts_7d", "o": 0.05, "n": 0.62, "s": "12 adverts in the last 7 days; was 3"},
        {"f": "songs_7d", "o": 0.1, "n": -0.2, "s": "210 songs in the last 7 days; was 64"},
    ],
}
MODEL_FACTS: ModelFacts = {
    "estimator": "RandomForest",
    "made_on": "2018-12-02",
    "base": -1.8,
    "features": {
        "adverts_7d": {"topic": "adverts", "typical": 4.0},
        "songs_trend_7d": {"topic": "course", "typical": 0.025},
        "account_age_days": {"topic": "age", "typical": 71.0},
        "thumbs_down_share_30d": {"topic": "thumbs", "typical": None},
        "is_paid": {"topic": "plan", "typical": 1.0},
        "songs_7d": {"topic": "songs", "typical": 90.0},
    },
    "of_a_hundred": MODEL_CARD["of_a_hundred"],
    "previous": {"as_of": "2018-11-24", "same_model": True},
    "shifted": {},
    "stale_after_days": 3,
    "old_after_days": 35,
}
ACTIVITY = [0 if ago % 3 else 40 + ago for ago in reversed(range(ACTIVITY_DAYS))]
MOMENTS: list[Moment] = [
    {"d": "2018-11-28", "k": "help", "n": 1},
    {"d": "2018-11-21", "k": "error", "n": 2},
    {"d": "2018-10-14", "k": "upgrade", "n": 1},
]
