"""A course that leads to a certificate, and somebody who completes it."""

from __future__ import annotations

import pytest
from django.core.files.storage import storages
from django.utils import timezone

from lms.catalogue.models import Activity
from lms.catalogue.outlines import Part, write_outline
from lms.credentials.models import CertificateDesign, CertificateOffer, Issuer
from lms.people.models import Address, Learner
from lms.progress import services as progress


@pytest.fixture
def design(db):
    issuer = Issuer.objects.create(name="Akademi Contoh", url="https://academy.example/")
    return CertificateDesign.objects.create(
        name="Klasik",
        issuer=issuer,
        language="id",
        signatory_name="Ayu Contoh",
        signatory_role="Direktur",
        place="Jakarta",
    )


@pytest.fixture
def course(home, design):
    lesson = Activity.objects.create(kind="lesson", title="Pelajaran", live=True)
    course = Activity.objects.create(kind="course", title="Foto produk dengan ponsel", live=True)
    write_outline(activity=course, parts=[Part(lesson.pk)], rules={})
    CertificateOffer.objects.create(activity=course, design=design)
    course.lesson = lesson
    return course


@pytest.fixture
def make_learner(db):
    def make(name="Ibu Contoh Sari", email="sari@contoh.example"):
        learner = Learner.objects.create(name=name, language="id")
        Address.objects.create(learner=learner, value=email, verified_at=timezone.now())
        return learner

    return make


@pytest.fixture
def complete(course):
    def do(learner):
        progress.enrol(learner_ids=[learner.pk], activity_id=course.pk)
        return progress.record(
            [
                progress.Statement(
                    cause=f"lesson:{learner.pk}",
                    learner_id=learner.pk,
                    activity_id=course.lesson.pk,
                    verb="completed",
                    occurred_at=timezone.now(),
                    reason="lesson.marked",
                )
            ]
        )

    return do


@pytest.fixture
def stored():
    """How many certificate files there are."""

    def count():
        storage = storages["lms_private"]
        try:
            years = storage.listdir("certificates")[0]
        except FileNotFoundError:
            return 0
        return sum(
            len(storage.listdir(f"certificates/{year}/{month}")[1])
            for year in years
            for month in storage.listdir(f"certificates/{year}")[0]
        )

    return count
