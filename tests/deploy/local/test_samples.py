"""Sample logs are made where nothing of the user's is, or will be."""

import dataclasses
from pathlib import Path

import pytest

from deploy.local import samples
from deploy.local.settings import Settings


@pytest.fixture
def empty(settings: Settings) -> Settings:
    for folder in (settings.logs, settings.lake):
        Path(folder).mkdir(parents=True)
    return settings


def test_an_empty_home_wants_samples(empty: Settings) -> None:
    assert samples.are_wanted(empty)


@pytest.mark.parametrize("name", ["day.json.bz2", "day.json", "day.csv", "day.JSON.GZ", ".day.json.part", "2018"])
def test_an_inbox_that_holds_anything_gets_none(empty: Settings, name: str) -> None:
    (Path(empty.logs) / name).touch()
    assert not samples.are_wanted(empty)


def test_a_lake_that_holds_anything_gets_none(empty: Settings) -> None:
    (Path(empty.lake) / "ledger").mkdir()
    assert not samples.are_wanted(empty)


@pytest.mark.parametrize("named", ["own_logs", "own_lake"])
def test_places_that_the_user_names_get_none(empty: Settings, named: str) -> None:
    assert not samples.are_wanted(dataclasses.replace(empty, **{named: True}))


def test_they_move_into_the_inbox_whole(empty: Settings) -> None:
    aside = empty.home / "inbox.partial"
    aside.mkdir()
    (aside / "encore-sample-day.json").touch()
    samples.move_into_inbox(empty)
    assert [file.name for file in Path(empty.logs).iterdir()] == ["encore-sample-day.json"]
    assert not aside.exists()
