"""How topics of explanations are named, in one place."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from spark_assets.contracts.explanations import Topic

TOPIC_NAMES: dict[str, str | Promise] = {
    Topic.SONGS: _("Songs and days with music"),
    Topic.COURSE: _("Lately against before"),
    Topic.SILENCE: _("Time since last seen"),
    Topic.VARIETY: _("Variety of music"),
    Topic.RHYTHM: _("When music is heard"),
    Topic.VISITS: _("Number of sessions"),
    Topic.LENGTH: _("Length of sessions"),
    Topic.THUMBS: _("Thumbs up and down"),
    Topic.SOCIAL: _("Friends and playlists"),
    Topic.ADVERTS: _("Adverts"),
    Topic.ERRORS: _("Errors"),
    Topic.HELP: _("Help and settings"),
    Topic.AGE: _("Time as a customer"),
    Topic.PLAN: _("Free or paid"),
    Topic.PERSON: _("Gender"),
    Topic.DEVICE: _("Device"),
}


def topic_name(key: str) -> str | Promise:
    """Return the name of a topic; one that this portal does not know yet is shown as its key."""
    return TOPIC_NAMES.get(key, key)
