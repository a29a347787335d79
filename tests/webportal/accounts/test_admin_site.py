from django.test import Client

from webportal.accounts.models import User
from webportal.customers.models import Snapshot


def test_administrators_find_what_they_manage_and_nothing_else(administrator: User, client: Client) -> None:
    client.force_login(administrator)
    page = client.get("/admin/")
    models = {model["object_name"] for app in page.context["app_list"] for model in app["models"]}
    assert page.status_code == 200
    managed = {"User", "Team", "Invitation", "DeskSettings", "AuditEvent", "ErasedCustomer", "ApiToken"}
    assert models == managed | {"Contact", "Note", "Task", "Webhook", "Delivery"}


def test_administrators_can_add_a_user(administrator: User, client: Client) -> None:
    client.force_login(administrator)
    password = "a-long-enough-one"
    sent = {"username": "newcomer", "usable_password": "true", "password1": password, "password2": password}
    sent["role"] = "analyst"
    assert client.post("/admin/accounts/user/add/", sent).status_code == 302
    assert User.objects.get(username="newcomer", role="analyst").check_password(password)


def test_agents_are_told_that_it_is_not_for_them(desk: Client, snapshot: Snapshot) -> None:
    response = desk.get("/admin/", follow=True)
    assert response.status_code == 403
    assert "Not for this account" in response.content.decode()


def test_anonymous_visitors_meet_the_login_of_the_portal(client: Client, db: None) -> None:
    response = client.get("/admin/accounts/user/", follow=True)
    assert response.redirect_chain[-1][0] == "/login/?next=/admin/accounts/user/"
