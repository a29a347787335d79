"""Tokens of forms: what is sent twice counts once."""

from django.utils.translation import gettext_lazy as _

from webportal.accounts.models import User
from webportal.customers.models import CustomerColumns
from webportal.desk.errors import DeskRefusalError
from webportal.desk.models import Contact, Note


def check_same(row: Contact | Note, agent: User, customer: CustomerColumns) -> None:
    """Check that the row which a form's token names already is by this agent and about this customer.

    Raises:
        DeskRefusalError: it is somebody else's, or about somebody else.
    """
    if (row.agent_id, row.customer_number) != (agent.pk, customer.customer_number):
        raise DeskRefusalError(_("This form was sent for somebody else before. Open the page anew."))
