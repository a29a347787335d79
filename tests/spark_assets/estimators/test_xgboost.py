"""Contributions that a booster computes itself: to be saved, and to the bit of its margin."""

import pickle

import numpy as np
import pytest
import xgboost

from spark_assets.estimators.trees import Floats
from spark_assets.estimators.xgboost import ROUNDING, BoosterSum


@pytest.fixture(scope="module")
def vectors() -> Floats:
    return np.random.default_rng(7).normal(size=(600, 8))


@pytest.fixture(scope="module")
def booster(vectors: Floats) -> xgboost.Booster:
    leaves = (vectors[:, 0] + vectors[:, 1] * vectors[:, 2] > 0.5).astype(float)
    settings = {"objective": "binary:logistic", "max_depth": 3, "nthread": 1, "seed": 1}
    return xgboost.train(settings, xgboost.DMatrix(vectors, leaves), num_boost_round=100)


@pytest.fixture(scope="module")
def additive(booster: xgboost.Booster) -> BoosterSum:
    return BoosterSum(bytes(booster.save_raw("ubj")))


@pytest.fixture(scope="module")
def margins(booster: xgboost.Booster, vectors: Floats) -> Floats:
    return booster.predict(xgboost.DMatrix(vectors), output_margin=True).astype(np.float64)


def test_base_and_contributions_are_the_margin_in_64_bits(
    additive: BoosterSum, vectors: Floats, margins: Floats
) -> None:
    shares = additive.split(vectors, margins)
    assert shares.shape == vectors.shape
    assert np.abs(additive.base + shares.sum(axis=1) - margins).max() < 1e-12


def test_what_the_booster_itself_leaves_open_is_rounding(
    additive: BoosterSum, booster: xgboost.Booster, vectors: Floats, margins: Floats
) -> None:
    found = booster.predict(xgboost.DMatrix(vectors), pred_contribs=True).astype(np.float64)
    missing = np.abs(found.sum(axis=1) - margins).max()
    assert 0 < missing < ROUNDING / 10
    # and dealing it out moves no contribution by more
    assert np.abs(additive.split(vectors, margins) - found[:, :-1]).max() <= missing + 1e-12


def test_rounding_is_dealt_out_but_a_fault_stays_to_be_seen(
    additive: BoosterSum, vectors: Floats, margins: Floats
) -> None:
    found = additive.base + additive.split(vectors[:2], margins[:2] + np.array([ROUNDING / 2, 0.1])).sum(axis=1)
    assert found[0] == pytest.approx(margins[0] + ROUNDING / 2, abs=1e-12)
    assert found[1] == pytest.approx(margins[1], abs=ROUNDING / 10)


def test_it_travels_to_tasks(additive: BoosterSum, vectors: Floats, margins: Floats) -> None:
    expected = additive.split(vectors, margins)  # after which it holds a booster
    there = pickle.loads(pickle.dumps(additive))  # noqa: S301 - its own bytes
    assert np.array_equal(there.split(vectors, margins), expected)
    assert there.base == additive.base
