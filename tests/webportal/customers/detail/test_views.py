"""What the customer page says beside the probability: the course, such scores before, days and moments."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test import Client

from tests.webportal.publishing import FLOORS, customer, publish, summarise
from tests.webportal.told import MODEL_FACTS
from webportal.customers.models import Snapshot

NEW_COLUMNS = ("activity", "moments", "name_key", "last_name_key", "risen_from", "hold_out_draw", "reasons", "change")
NEW_FIGURES = ("percentiles", "bands_by_level", "places", "risen", "drivers")


def shown(desk: Client, path: str = "/customers/55/") -> str:
    response = desk.get(path)
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.fixture
def known(db: None) -> Snapshot:
    earlier = [(3, "old", 0.1), (10, "2018-12-01.1", 0.214)]
    with connection.cursor() as cursor:
        for day, version, probability in earlier:
            rows = [customer("55", churn_probability=probability)]
            publish(cursor, rows, as_of_date=date(2018, 11, day), model_version=version)
        number = publish(cursor, [customer("55", churn_probability=0.3), customer("56", days_listened=44)])
    return Snapshot.objects.get(snapshot_id=number)


def test_the_course_over_snapshots_is_drawn_told_and_tabled(desk: Client, known: Snapshot) -> None:
    page = shown(desk)
    assert "3 scores, from 10.0 % on 3 Nov 2018 to 30.0 % on 1 Dec 2018." in page
    assert "A dotted line marks a change of the model" in page
    assert "1 Dec 2018 30.0 % High risk 2018-12-01.1 10 Nov 2018 21.4 % Medium risk 2018-12-01.1 new 3 Nov 2018" in page
    drawing = desk.get("/customers/55/").content.decode()
    assert len(re.findall(r'class="plot-dot dot-', drawing)) == 3
    assert len(re.findall(r'class="plot-change"', drawing)) == 1
    assert len(re.findall(r"<polyline ", drawing)) == 1  # the first score is another model's, and stands alone


def test_a_first_score_has_no_drawing(desk: Client, known: Snapshot) -> None:
    assert "There is one score so far: 30.0 % on 1 Dec 2018." in shown(desk, "/customers/56/")


def test_what_came_of_such_scores_has_its_sample_and_interval(desk: Client, known: Snapshot) -> None:
    page = shown(desk)
    assert "Of 100 customers with such a score about 17 left within 14 days Likely 12 to 25." in page
    assert "Counted: 43 of 246 earlier cases with 10.4 to 56.1 % left." in page


def test_a_score_above_all_that_were_seen_is_said_to_be(desk: Client, known: Snapshot) -> None:
    with connection.cursor() as cursor:
        publish(cursor, [customer("55", churn_probability=0.9)])
    assert "This score is higher than any of them." in shown(desk)


def test_days_and_moments_are_shown(desk: Client, known: Snapshot) -> None:
    page = shown(desk)
    assert "Songs on each of the last 60 days" in page
    assert "1,370 songs on 20 of 60 days." in page
    assert "Sat 1 Dec 2018 40 Fri 30 Nov 2018 0" in page
    happened = "28 Nov 2018 Looked for help 21 Nov 2018 Met an error 2 times 14 Oct 2018 Upgraded to paid 12 Sep 2018"
    assert f"What happened {happened} Registered" in page


def test_days_and_songs_have_their_percentile(desk: Client, known: Snapshot) -> None:
    assert "Days listened 20 median 32 · ▼ 12 fewer fewer than 49 % of all customers" in shown(desk)
    assert "Days listened 44 median 32 · ▲ 12 more more than 50 % of all customers" in shown(desk, "/customers/56/")


def test_a_change_of_the_model_is_a_doubt(desk: Client, known: Snapshot) -> None:
    previous = {"as_of": "2018-11-24", "same_model": False}
    with connection.cursor() as cursor:
        publish(cursor, [customer("55")], model_facts={**MODEL_FACTS, "previous": previous})
    assert "Model changed. Another model scored on 24 Nov 2018" in shown(desk)


def test_snapshots_of_before_show_what_they_have(desk: Client, known: Snapshot) -> None:
    row = customer("55", **dict.fromkeys(NEW_COLUMNS))
    summary = {name: value for name, value in summarise([row], FLOORS).items() if name not in NEW_FIGURES}
    with connection.cursor() as cursor:
        publish(cursor, [row], summary=summary, model_facts=None, model_card=None)
    page = shown(desk)
    assert "30.0 % High risk" in page
    assert "Probability over time" in page
    assert "Of 100 customers" not in page
    assert "Songs on each of the last" not in page
    assert "% of all customers" not in page
    assert "What happened 12 Sep 2018 Registered" in page


def test_every_drawing_has_a_name_and_its_figures(desk: Client, known: Snapshot) -> None:
    page = desk.get("/customers/55/").content.decode()
    drawings = re.findall(r"<svg [^>]*role=\"img\"[^>]*>.*?</svg>", page, re.S)
    assert len(drawings) == 4
    for drawing in drawings:
        (name,) = re.findall(r'aria-labelledby="([^"]+)"', drawing)
        assert f'<title id="{name}">' in drawing
        assert page.count(f'id="{name}"') == 1
        assert "style=" not in drawing
    assert page.count("<summary>Show figures</summary>") == 3
