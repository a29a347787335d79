"""Features of the service met: adverts, errors, help, settings."""

from spark_assets.transforms.registry.feature import Feature, counted
from spark_assets.transforms.registry.formulas import Ratio, Since, Trend

_VISITS = "visits a session"

ADVERTS = (
    *counted("adverts", "Adverts", "adverts"),
    Feature("adverts_per_song", "Adverts per song", "adverts a song", Ratio("adverts", ("songs",))),
    Feature(
        "adverts_per_song_7d", "Adverts per song in the last 7 days", "adverts a song", Ratio("adverts", ("songs",), 7)
    ),
    Feature(
        "adverts_per_song_30d",
        "Adverts per song in the last 30 days",
        "adverts a song",
        Ratio("adverts", ("songs",), 30),
    ),
    Feature("adverts_trend_7d", "Adverts of the last 7 days against the 7 before", "-1 to 1", Trend("adverts", 7)),
    Feature("adverts_trend_14d", "Adverts of the last 14 days against the 14 before", "-1 to 1", Trend("adverts", 14)),
)

ERRORS = (
    *counted("errors", "Errors", "errors", (7, 30)),
    Feature("errors_per_session", "Errors per session", "errors a session", Ratio("errors", ("sessions",))),
    Feature(
        "errors_per_session_30d",
        "Errors per session in the last 30 days",
        "errors a session",
        Ratio("errors", ("sessions",), 30),
    ),
    Feature("days_since_error", "Days since the last error, or since first seen without one", "days", Since("errors")),
)

PAGES = (
    *counted("help_visits", "Visits to Help", "visits", (30,)),
    Feature("help_per_session", "Visits to Help per session", _VISITS, Ratio("help_visits", ("sessions",))),
    Feature(
        "days_since_help",
        "Days since the last visit to Help, or since first seen without one",
        "days",
        Since("help_visits"),
    ),
    *counted("about_visits", "Visits to About", "visits", (30,)),
    *counted("settings_saves", "Settings saved", "times", (30,)),
    Feature("settings_per_session", "Visits to Settings per session", _VISITS, Ratio("settings_visits", ("sessions",))),
    Feature(
        "home_per_session_30d",
        "Visits to Home per session in the last 30 days",
        _VISITS,
        Ratio("home_visits", ("sessions",), 30),
    ),
    Feature(
        "logouts_per_session_30d",
        "Logouts per session in the last 30 days",
        "logouts a session",
        Ratio("logouts", ("sessions",), 30),
    ),
)

SERVICE = (*ADVERTS, *ERRORS, *PAGES)
