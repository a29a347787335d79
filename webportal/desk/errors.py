"""Why the desk refuses what somebody asked, in words for them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from webportal.accounts.models import User


class DeskRefusalError(Exception):
    """Something that cannot be done now; the text says why."""

    def __init__(self, words: str | Promise) -> None:
        super().__init__(words)
        self.words = str(words)


def taken(by: User | None) -> DeskRefusalError:
    """Return the refusal to who came second."""
    if by is None:
        return DeskRefusalError(_("There is an open task for this customer already; it is in the queue."))
    return DeskRefusalError(_("%(who)s has this customer already.") % {"who": by.get_username()})


HELD_OUT = _("This customer is held out: nobody calls them unasked.")
HAS_LEFT = _("This customer has cancelled.")
