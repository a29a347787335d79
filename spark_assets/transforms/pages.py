"""Which page counts as what in `daily_activity`."""

from spark_assets.columns import CANCELLATION, NEXT_SONG

PAGE_COUNTS = {
    "songs": NEXT_SONG,
    "thumbs_up": "Thumbs Up",
    "thumbs_down": "Thumbs Down",
    "playlist_adds": "Add to Playlist",
    "friends_added": "Add Friend",
    "adverts": "Roll Advert",
    "errors": "Error",
    "help_visits": "Help",
    "about_visits": "About",
    "settings_visits": "Settings",
    "settings_saves": "Save Settings",
    "home_visits": "Home",
    "logouts": "Logout",
    "upgrade_visits": "Upgrade",
    "downgrade_visits": "Downgrade",
    "upgrades": "Submit Upgrade",
    "downgrades": "Submit Downgrade",
}
"""Sums per day by page: column name and the page it counts."""

OTHER_PAGES = "other_pages"
"""Events on any page that neither `PAGE_COUNTS` nor `LEAVING_PAGES` names, such as Login."""

LEAVING_PAGES = ("Cancel", CANCELLATION)
"""Pages of a cancellation. Kept apart from the first step on: nothing computed from them may reach a feature."""

PARTS_OF_DAY = ("night", "morning", "afternoon", "evening")
"""Quarters of the UTC day: from 0, 6, 12 and 18 o'clock on."""

MOBILE_DEVICES = ("iPhone", "iPad", "Android")
