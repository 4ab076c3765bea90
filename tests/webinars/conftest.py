"""A session that is over, two people who registered for it, and a coordinator. Tests may make their own instead."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model

from tests.webinars.attendance_world import make_learner, make_series, register


@pytest.fixture
def series():
    return make_series()


@pytest.fixture
def session(series):
    return series.occurrences.get()


@pytest.fixture
def siti(session):
    learner = make_learner("Siti Nurhaliza", "siti@toko.example")
    register(learner, session)
    return learner


@pytest.fixture
def budi(session):
    learner = make_learner("Budi Santoso", "budi@toko.example", verified=False)
    register(learner, session)
    return learner


@pytest.fixture
def coordinator():
    return get_user_model().objects.create_user("koordinator", password="x")
