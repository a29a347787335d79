import json

import pytest

from spark_assets.simulation import pages as p


@pytest.mark.parametrize("choice", [*p.AFTER_PAGE.values(), *p.SIGNED_OUT.values(), p.CLOSING])
def test_shares_stay_within_one(choice: p.Choice) -> None:
    assert choice.bounds[-1] <= 1.0 + 1e-9
    assert choice.bounds == sorted(choice.bounds)


def test_no_table_leads_to_a_cancellation() -> None:
    targets = {page for choice in (*p.AFTER_PAGE.values(), p.CLOSING) for page in choice.pages}

    assert p.CONFIRMATION not in targets
    assert p.CANCEL in targets


def test_level_changes_only_where_they_make_sense() -> None:
    assert p.UPGRADE not in p.AFTER_SONG[p.PAID]
    assert p.DOWNGRADE not in p.AFTER_SONG[p.FREE]
    assert p.AFTER_SONG[p.PAID][p.ADVERT] < p.AFTER_SONG[p.FREE][p.ADVERT] / 20


def test_fragment_is_the_middle_of_a_line() -> None:
    fragment = p.FRAGMENTS[p.ERROR, p.LOGGED_OUT, p.FREE]

    assert json.loads("{" + fragment[1:] + "4}") == {
        "page": "Error",
        "auth": "Logged Out",
        "method": "GET",
        "status": 404,
        "level": "free",
        "itemInSession": 4,
    }
