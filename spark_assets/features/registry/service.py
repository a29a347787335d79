"""Features of the service met: adverts, errors, help, settings."""

from spark_assets.contracts.explanations import Topic
from spark_assets.features.registry.feature import Feature, counted, trend
from spark_assets.features.registry.formulas import LIFE, Ratio, Since, Window
from spark_assets.features.registry.wording import Amount, last

_VISITS = "visits a session"


def _adverts_per_song(name: str, window: Window = LIFE) -> Feature:
    return Feature(
        name,
        f"Adverts per song{last(window)}",
        "adverts a song",
        Ratio("adverts", ("songs",), window),
        Topic.ADVERTS,
        Amount(f"{{n}} advert{{s}} per 100 songs{last(window)}", scale=100),
    )


def _per_session(
    name: str, source: str, meaning: str, unit: str, topic: Topic, things: str, window: Window = LIFE
) -> Feature:
    """A count per session, said per 100 sessions."""
    return Feature(
        name,
        f"{meaning} per session{last(window)}",
        unit,
        Ratio(source, ("sessions",), window),
        topic,
        Amount(f"{{n}} {things} per 100 sessions{last(window)}", scale=100),
    )


ADVERTS = (
    *counted("adverts", "Adverts", "adverts", Topic.ADVERTS, "{n} advert{s}"),
    _adverts_per_song("adverts_per_song"),
    _adverts_per_song("adverts_per_song_7d", 7),
    _adverts_per_song("adverts_per_song_30d", 30),
    trend("adverts", "Adverts", 7, Topic.ADVERTS, "adverts"),
    trend("adverts", "Adverts", 14, Topic.ADVERTS, "adverts"),
)

ERRORS = (
    *counted("errors", "Errors", "errors", Topic.ERRORS, "{n} error{s}", (7, 30)),
    _per_session("errors_per_session", "errors", "Errors", "errors a session", Topic.ERRORS, "error{s}"),
    _per_session("errors_per_session_30d", "errors", "Errors", "errors a session", Topic.ERRORS, "error{s}", 30),
    Feature(
        "days_since_error",
        "Days since the last error, or since first seen without one",
        "days",
        Since("errors"),
        Topic.ERRORS,
        Amount("no error for {n} day{s}", "longer", "shorter", zero="an error {n} days ago"),
    ),
)

PAGES = (
    *counted("help_visits", "Visits to Help", "visits", Topic.HELP, "{n} visit{s} to Help", (30,)),
    _per_session("help_per_session", "help_visits", "Visits to Help", _VISITS, Topic.HELP, "visit{s} to Help"),
    Feature(
        "days_since_help",
        "Days since the last visit to Help, or since first seen without one",
        "days",
        Since("help_visits"),
        Topic.HELP,
        Amount("no visit to Help for {n} day{s}", "longer", "shorter", zero="a visit to Help {n} days ago"),
    ),
    *counted("about_visits", "Visits to About", "visits", Topic.HELP, "{n} visit{s} to About", (30,)),
    *counted("settings_saves", "Settings saved", "times", Topic.HELP, "settings saved {n} time{s}", (30,)),
    _per_session(
        "settings_per_session", "settings_visits", "Visits to Settings", _VISITS, Topic.HELP, "visit{s} to Settings"
    ),
    _per_session(
        "home_per_session_30d", "home_visits", "Visits to Home", _VISITS, Topic.VISITS, "visit{s} to Home", 30
    ),
    _per_session("logouts_per_session_30d", "logouts", "Logouts", "logouts a session", Topic.VISITS, "logout{s}", 30),
)

SERVICE = (*ADVERTS, *ERRORS, *PAGES)
