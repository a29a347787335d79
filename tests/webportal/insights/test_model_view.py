import re

import pytest
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.webportal.cards import MODEL_CARD
from tests.webportal.publishing import customer, publish
from webportal.customers.models import Snapshot


def shown(desk: Client) -> str:
    response = desk.get("/model/")
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_begins_in_words_and_then_gives_the_figures(desk: Client, snapshot: Snapshot) -> None:
    page = shown(desk)
    assert "Version 2018-12-01.1 scored the customers as of 1 December 2018." in page
    lift = "Of the 10 % it ranks highest, 2.4 times as many left as on average: about 1 in 10, where usually 1 in 24"
    assert lift in page
    assert "Likely between 1.1 and 3.9 times." in page
    assert "On average it said 4.9 %; 4.2 % left." in page
    assert "High risk: 4 of those so marked left, 39 stayed; 29 who left were not so marked." in page
    assert "PR AUC 0.098 0.052 to 0.213 0.042 0.048" in page
    assert "Weighted F1 0.937 0.916 to 0.956 0.937 0.937 says nothing without its value for no skill" in page
    assert page.index("In words") < page.index("Figures") < page.index("Every candidate of the search")


def test_calibration_confusion_drivers_candidates_versions_and_origin_are_there(
    desk: Client, snapshot: Snapshot
) -> None:
    page = shown(desk)
    assert "On average they differ by 1.6 points (ECE), likely 1.5 to 3.8." in page
    assert "8.7 to 56.1 % 15.3 % 10.3 5.3 to 19.0 8 of 78" in page
    assert "High risk, or above: from 11.6 % Left Stayed Called 4 39 Not called 29 711" in page
    assert "Of the called 9.3 % left (3.7 to 21.6). Of those who left 12.1 % were called (4.8 to 27.3)." in page
    assert "Adverts 0.62 ▲" in page
    assert "LogisticRegression chosen 0.191 0.695 3.683 0.054 0.214 20.8 regParam 0.3" in page
    assert "2018-12-01.1 now 1 Dec 2018 1 1 Dec 2018 0.098 2.42 RandomForest" in page
    assert "Logs 1 Oct 2018 to 1 Dec 2018" in page
    assert MODEL_CARD["notes"][1].replace("'", "&#x27;") in page


def test_the_queries_are_fixed_and_count_no_customer(
    desk: Client, snapshot: Snapshot, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(
        8
    ) as queries:  # session, user, pointer, snapshot, its card, versions, outcomes, hold-out
        desk.get("/model/")
    assert not [query for query in queries.captured_queries if "customer_snapshot" in query["sql"]]


def test_without_a_model_it_says_why(desk: Client, unscored_snapshot: Snapshot) -> None:
    page = shown(desk)
    assert "No log holds a cancellation." in page
    assert "In words" not in page


def test_before_the_first_snapshot_it_says_what_to_do(desk: Client) -> None:
    assert "Materialize in Dagster" in shown(desk)


@pytest.mark.parametrize("metrics", [None, {**MODEL_CARD["metrics"], "lift_top_tenth": None}])
def test_what_could_not_be_judged_is_said(desk: Client, snapshot: Snapshot, metrics: object) -> None:
    with connection.cursor() as cursor:
        publish(cursor, [customer("1")], model_card={**MODEL_CARD, "metrics": metrics})
    page = shown(desk)
    assert ("could not be judged" if metrics is None else "How well it ranks cannot be said") in page


def test_a_model_that_too_few_leavers_judged_says_so_instead_of_a_lift(desk: Client, snapshot: Snapshot) -> None:
    metrics = {**MODEL_CARD["metrics"], "examples": 1_192, "leavers": 2, "lift_top_tenth": 3.0}
    with connection.cursor() as cursor:
        publish(cursor, [customer("1")], model_card={**MODEL_CARD, "metrics": metrics})
    page = shown(desk)
    assert "Too few customers left to tell how good it is. Of the 1,192 customers that judge it, 2 left" in page
    assert "it ranks highest" not in page


def test_says_when_the_next_training_is_due_unless_every_run_trains(desk: Client, snapshot: Snapshot) -> None:
    assert "Next training" not in shown(desk)
    with connection.cursor() as cursor:
        publish(cursor, [customer("1")], model_card={**MODEL_CARD, "retrain_every_days": 7})
    assert "Next training when the logs reach 8 Dec 2018; until then this model scores" in shown(desk)


def test_a_snapshot_without_its_card_says_so(desk: Client, snapshot: Snapshot) -> None:
    with connection.cursor() as cursor:
        publish(cursor, [customer("1")], model_card=None)
    page = shown(desk)
    assert "published without the card of its model" in page
    assert "Versions" in page


def test_the_page_is_in_the_navigation(desk: Client, snapshot: Snapshot) -> None:
    assert '<a class="top-link" href="/model/">Model</a>' in desk.get("/").content.decode()
