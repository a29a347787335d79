import pytest
from django.urls import NoReverseMatch

from webportal.insights import links
from webportal.insights.links import customers_where


@pytest.fixture
def listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "reverse", lambda name: {"customers:list": "/customers/"}[name])


@pytest.mark.usefixtures("listed")
def test_an_address_names_its_filters() -> None:
    assert customers_where() == "/customers/"
    assert customers_where(band="high") == "/customers/?band=high"
    assert customers_where(place="MA-NH", band="high") == "/customers/?place=MA-NH&band=high"
    assert customers_where(from_=10, to=15) == "/customers/?from=10&to=15"
    assert customers_where(place="A & B") == "/customers/?place=A+%26+B"


@pytest.mark.usefixtures("listed")
def test_no_list_asks_for_whom_the_logs_are_silent_about() -> None:
    assert customers_where(gender="unknown") is None


def test_without_a_list_there_is_no_link(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise NoReverseMatch(name)

    monkeypatch.setattr(links, "reverse", missing)
    assert customers_where(band="high") is None
