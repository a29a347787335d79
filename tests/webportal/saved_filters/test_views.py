import pytest
from django.test import Client

from webportal.accounts.models import Team, User
from webportal.customers.models import Snapshot
from webportal.saved_filters.models import Audience, SavedFilter


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def save(client: Client, name: str, audience: str = Audience.OWNER, query: str = "band=high") -> int:
    data = {"name": name, "query": query, "audience": audience}
    return client.post("/filters/save/", data).status_code


def test_a_filter_is_saved_found_renamed_and_deleted(desk: Client, snapshot: Snapshot) -> None:
    assert save(desk, "Hot") == 302
    assert "Hot" in desk.get("/customers/").content.decode()
    saved = SavedFilter.objects.get()
    assert (saved.query, saved.audience) == ("band=high", Audience.OWNER)
    desk.post(f"/filters/{saved.pk}/rename/", {"name": "Hotter"})
    assert "Hotter" in desk.get("/filters/").content.decode()
    desk.post(f"/filters/{saved.pk}/delete/")
    assert not SavedFilter.objects.exists()


def test_a_supervisor_shares_with_the_team_and_an_agent_with_nobody(
    agent: User, supervisor: User, team: Team, administrator: User, snapshot: Snapshot
) -> None:
    agent.team = team
    agent.save()
    assert save(signed_in(supervisor), "Ours", Audience.TEAM) == 302
    assert save(signed_in(administrator), "Everybody's", Audience.ALL) == 302
    assert save(signed_in(agent), "Mine to all", Audience.ALL) == 400
    assert save(signed_in(agent), "Mine to the team", Audience.TEAM) == 400
    page = signed_in(agent).get("/filters/").content.decode()
    assert "Ours" in page
    assert "Everybody&#x27;s" in page


def test_nobody_changes_what_is_not_theirs(agent: User, supervisor: User, team: Team, snapshot: Snapshot) -> None:
    agent.team = team
    agent.save()
    save(signed_in(supervisor), "Ours", Audience.TEAM)
    save(signed_in(supervisor), "Private")
    ours, private = (SavedFilter.objects.get(name=name) for name in ("Ours", "Private"))
    assert signed_in(agent).post(f"/filters/{ours.pk}/delete/").status_code == 403
    assert signed_in(agent).post(f"/filters/{private.pk}/rename/", {"name": "x"}).status_code == 404
    assert SavedFilter.objects.count() == 2


@pytest.mark.parametrize("query", ["band=huge", "https://elsewhere.example/", "after=abc"])
def test_what_is_no_filter_is_refused_or_left_out(desk: Client, snapshot: Snapshot, query: str) -> None:
    code = save(desk, "Odd", query=query)
    stored = list(SavedFilter.objects.values_list("query", flat=True))
    assert code == 400 or stored == [""]
