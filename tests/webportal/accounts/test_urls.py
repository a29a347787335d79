from django.test import Client

from webportal.accounts.models import User
from webportal.customers.models import Snapshot


def test_the_login_leads_to_the_overview(agent: User, client: Client) -> None:
    response = client.post("/login/", {"login": "agent", "password": "correct horse"})
    assert (response.status_code, response.headers["Location"]) == (302, "/")


def test_the_login_leads_back_to_where_one_came_from(agent: User, client: Client) -> None:
    came_from = client.get("/customers/300001/").headers["Location"]
    page = client.get(came_from)
    assert 'name="next" value="/customers/300001/"' in page.content.decode()
    sent = {"login": "agent", "password": "correct horse", "next": "/customers/300001/"}
    assert client.post("/login/", sent).headers["Location"] == "/customers/300001/"


def test_the_login_never_leads_to_another_host(agent: User, client: Client) -> None:
    sent = {"login": "agent", "password": "correct horse", "next": "https://elsewhere.example/"}
    assert client.post("/login/", sent).headers["Location"] == "/"


def test_a_wrong_password_is_told_without_saying_which_of_both_is_wrong(agent: User, client: Client) -> None:
    pages = [
        client.post("/login/", {"login": name, "password": "wrong"}).content.decode() for name in ("agent", "nobody")
    ]
    assert all("do not belong together" in page for page in pages)
    assert all('autocomplete="current-password"' in page for page in pages)


def test_the_login_shows_nothing_of_the_data(client: Client, snapshot: Snapshot) -> None:
    page = client.get("/login/").content.decode()
    assert str(snapshot.model_version) not in page


def test_logging_out_takes_a_post(desk: Client) -> None:
    assert desk.get("/logout/").status_code == 405
    assert desk.post("/logout/").headers["Location"] == "/login/"
    assert desk.get("/").status_code == 302
