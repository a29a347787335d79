from django.db import connection
from django.test import Client

from tests.webportal.desk.conftest import ALWAYS_HELD, known
from tests.webportal.publishing import publish
from webportal.accounts.models import DeskSettings, User


def test_lists_mark_who_is_held_out_by_the_share_in_force(desk: Client, client: Client, analyst: User) -> None:
    with connection.cursor() as cursor:
        publish(cursor, [known("51", hold_out_draw=ALWAYS_HELD), known("52")])
    page = desk.get("/search/?q=5").content.decode()
    assert page.count("Hold-out") == 2  # the mark, and why
    DeskSettings.objects.create(hold_out_percent=0)
    assert "Hold-out" not in desk.get("/search/?q=5").content.decode()
    client.force_login(analyst)
    assert "Hold-out" not in client.get("/search/?q=P").content.decode()
