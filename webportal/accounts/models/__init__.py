"""Users, teams with their scopes, invitations, and the settings of the desk."""

from webportal.accounts.models.desk_settings import DeskSettings
from webportal.accounts.models.spent_code import SpentCode
from webportal.accounts.models.team import ScopedCustomer, Team
from webportal.accounts.models.user import Invitation, User

__all__ = ["DeskSettings", "Invitation", "ScopedCustomer", "SpentCode", "Team", "User"]
