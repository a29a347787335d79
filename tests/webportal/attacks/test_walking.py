import re
from pathlib import Path

from tests.webportal.attacks.walking import Place, paths, places


def test_finds_the_addresses_of_every_app() -> None:
    found = set(paths())
    assert {"/", "/search/", "/customers/300001/", "/login/", "/admin/", "/healthz", "/api/v1/customers/"} <= found
    assert {"/api/v1/customers/300001/", "/charts/app/listening/", "/admin/accounts/user/"} <= found
    assert not any(set(path) & set("<>(?*^$") for path in found)


def test_puts_a_value_where_a_route_has_a_parameter() -> None:
    by_route = {place.route: place for place in places()}
    assert by_route["/customers/<customer:number>/"].with_value("a b") == "/customers/a b/"
    assert by_route["/search/"].with_value("a b") is None
    assert Place("/api/^(?P<rest>.*)$", "/api/anything", "nothing").with_value("x") == "/api/x"


def test_the_page_on_security_names_each_test_once() -> None:
    folder = Path(__file__).parent
    page = (folder.parents[2] / "docs" / "security.md").read_text(encoding="utf-8")
    table = page.partition("## How it is tested")[2].partition("\n## ")[0]
    named = re.findall(r"`(test_\w+\.py)`(?!\])", table)
    assert sorted(named) == sorted(path.name for path in folder.glob("test_*.py"))
