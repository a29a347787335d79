"""What a listener remembers: fading sums of sessions, from which the hazard's experience is read."""

import math
from collections.abc import Mapping

from spark_assets.simulation.hazard import Experience

RECENT_HALF_LIFE = 10.0
"""Days after which a recent experience weighs half."""
EARLIER_HALF_LIFE = 35.0
"""Days after which an hour of the habit that fading is measured against weighs half."""

RECENT_KEEP = 0.5 ** (1.0 / RECENT_HALF_LIFE)
EARLIER_KEEP = 0.5 ** (1.0 / EARLIER_HALF_LIFE)

PRIOR_HOURS = 3.0
"""Hours of usual experience that every rate starts from, so that one advert in five minutes is no catastrophe."""
PRIOR_RATES = {
    "Roll Advert": 0.3,
    "Error": 0.015,
    "Thumbs Up": 0.75,
    "Thumbs Down": 0.15,
    "Add Friend": 0.25,
    "Add to Playlist": 0.40,
}
"""Events an hour that the prior hours hold."""

IDLE_HOURS_A_DAY = 0.08
"""Added to both sides of the fading ratio, so that it stays finite for a listener who plays nothing."""


class Memory:
    """Decayed sums of one listener's events; `hours_a_day` is the habit that an old account starts with."""

    def __init__(self, hours_a_day: float) -> None:
        self._counts = dict.fromkeys(PRIOR_RATES, 0.0)
        self._hours = 0.0
        # The sums that a steady habit of this many hours a day would have reached.
        self._recent = hours_a_day / (1.0 - RECENT_KEEP)
        self._earlier = hours_a_day / (1.0 - EARLIER_KEEP)

    def pass_night(self) -> None:
        """Let a day go by: everything weighs a little less."""
        for page in self._counts:
            self._counts[page] *= RECENT_KEEP
        self._hours *= RECENT_KEEP
        self._recent *= RECENT_KEEP
        self._earlier *= EARLIER_KEEP

    def remember(self, counts: Mapping[str, int], hours: float) -> None:
        """Add one session: events by page and hours of music."""
        for page in self._counts:
            self._counts[page] += counts.get(page, 0)
        self._hours += hours
        self._recent += hours
        self._earlier += hours

    def experience(self, account_age_days: float, is_free: bool) -> Experience:
        """Return what the hazard of the coming day depends on."""
        downs, ups = self._per_hour("Thumbs Down"), self._per_hour("Thumbs Up")
        recent = self._recent * (1.0 - RECENT_KEEP) + IDLE_HOURS_A_DAY
        earlier = self._earlier * (1.0 - EARLIER_KEEP) + IDLE_HOURS_A_DAY
        return Experience(
            adverts_per_hour=self._per_hour("Roll Advert"),
            errors_per_10_hours=10.0 * self._per_hour("Error"),
            thumbs_down_share=downs / (downs + ups),
            fading=math.log(earlier / recent),
            account_age_days=account_age_days,
            is_free=is_free,
            friends_per_10_hours=10.0 * self._per_hour("Add Friend"),
            playlists_per_10_hours=10.0 * self._per_hour("Add to Playlist"),
        )

    def _per_hour(self, page: str) -> float:
        """Recent events of a page for each recent hour of music, drawn towards the usual rate."""
        return (self._counts[page] + PRIOR_HOURS * PRIOR_RATES[page]) / (self._hours + PRIOR_HOURS)
