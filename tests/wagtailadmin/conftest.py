"""Two curricula with a series each, and people with permissions on them."""

from __future__ import annotations

import pytest
from django.utils import timezone
from wagtail.models import Page

from lms.catalogue.models import Activity
from lms.pages.models import CurriculumPage, WebinarSeriesPage
from lms.webinars.models import Occurrence
from tests.wagtailadmin.schedule_world import NOW, member
from tests.webinars.attendance_world import make_learner, register


@pytest.fixture
def now(monkeypatch):
    """It is 20 February 2027; returns the function that says otherwise."""

    def set_now(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)

    set_now(NOW)
    return set_now


@pytest.fixture
def publish(make_series, django_capture_on_commit_callbacks):
    def publish(page=None, **fields):
        with django_capture_on_commit_callbacks(execute=True):
            if page is None:
                return make_series(**fields)
            page = WebinarSeriesPage.objects.get(pk=page.pk)
            for name, value in fields.items():
                setattr(page, name, value)
            page.save_revision().publish()
        return page

    return publish


@pytest.fixture
def curricula(home):
    """Two curricula: what belongs to one group is not seen by the other."""
    return [
        Page.objects.get(pk=home.pk).add_child(instance=CurriculumPage(title=title, slug=slug))
        for title, slug in (("Pemasaran digital", "pemasaran"), ("Keuangan digital", "keuangan"))
    ]


@pytest.fixture
def pages(curricula, publish):
    return [
        publish(parent=Page.objects.get(pk=parent.pk), title=f"Seri {parent.title}", slug="seri")
        for parent in curricula
    ]


@pytest.fixture
def coordinator(curricula):
    """May publish in the first curriculum."""
    return member("koordinator", curricula[0], "change", "publish")


@pytest.fixture
def editor(curricula):
    """May edit in the first curriculum, and publish nothing."""
    return member("editor", curricula[0], "add", "change")


@pytest.fixture
def stranger(curricula):
    """May publish in the second curriculum."""
    return member("lain", curricula[1], "change", "publish")


@pytest.fixture
def sessions(curricula, publish):
    """The first session of a series in each curriculum."""
    found = []
    for parent in curricula:
        page = publish(parent=Page.objects.get(pk=parent.pk), title=f"Seri {parent.title}", slug="seri")
        activity = Activity.objects.get(translation_key=page.translation_key)
        found.append(Occurrence.objects.filter(series__activity=activity).earliest("starts_at"))
    return found


@pytest.fixture
def session(sessions):
    return sessions[0]


@pytest.fixture
def siti(session):
    """Registered, with a verified address."""
    learner = make_learner("Siti Nurhaliza", "siti@toko.example")
    register(learner, session)
    return learner


@pytest.fixture
def budi(session):
    """Registered, with a verified address."""
    learner = make_learner("Budi Santoso", "budi@toko.example")
    register(learner, session)
    return learner
