"""A file that was stored has a row, or it goes: when the row fails, when the commit fails, and after a crash."""

from __future__ import annotations

import datetime as dt
import os
import shutil

import pytest
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection, transaction
from django.utils.timezone import get_default_timezone

from lms.assessment import services
from lms.assessment.models import AnswerFile
from lms.assessment.services.files import FOLDER, forget_orphans
from lms.assessment.tasks import sweep_assessment
from lms.core import clock
from tests.assessment.quizzing import make_question

pytestmark = pytest.mark.django_db(transaction=True)


def storage():
    return AnswerFile._meta.get_field("file").storage


def this_month():
    """Return the folder that a file goes to now: Django names it by the project's own zone."""
    return f"{FOLDER}/{clock.now().astimezone(get_default_timezone()):%Y/%m}"


def stored():
    """Return the paths of the task files of this month that are there."""
    folder = this_month()
    try:
        return {f"{folder}/{name}" for name in storage().listdir(folder)[1]}
    except FileNotFoundError:
        return set()


@pytest.fixture(autouse=True)
def _no_files_of_others():
    """A test rolls back its rows; the files that it stored stay, and would be orphans to the next one."""
    shutil.rmtree(storage().path(FOLDER), ignore_errors=True)


@pytest.fixture
def hand_in(hands):
    attempt = hands([make_question("written_task")]).start()
    key = attempt.paper["questions"][0]["key"]

    def make(name="laporan.pdf", content=b"%PDF-1.4 isi"):
        return services.hand_in_file(
            attempt_id=attempt.pk, question_key=key, upload=SimpleUploadedFile(name, content)
        )

    return make


def test_a_file_whose_row_cannot_be_written_goes(hand_in, monkeypatch):
    before = stored()

    def fail(self, *args, **kwargs):
        assert len(stored()) == len(before) + 1  # it was stored
        raise OSError("the database is away")

    monkeypatch.setattr(AnswerFile, "save", fail)
    with pytest.raises(OSError, match="away"):
        hand_in()
    assert stored() == before and not AnswerFile.objects.exists()


def test_a_file_whose_row_is_written_and_not_committed_goes(hand_in):
    """Whatever fails between the row and the end of the commit."""
    before = stored()

    def fail_at_commit():
        raise OperationalError("no space left")

    original = connection._commit
    connection._commit = fail_at_commit
    try:
        with pytest.raises(OperationalError, match="no space left"):
            hand_in()
    finally:
        connection._commit = original
        connection.close()
    assert stored() == before and not AnswerFile.objects.exists()


def test_what_a_crash_left_goes_after_a_day_and_nothing_else(hand_in):
    kept = hand_in().file.name
    orphan, fresh = (
        storage().save(f"{this_month()}/{name}.pdf", ContentFile(b"%PDF-")) for name in ("orphan", "fresh")
    )
    old = (clock.now() - dt.timedelta(days=1, minutes=1)).timestamp()
    for name in (kept, orphan):
        os.utime(storage().path(name), (old, old))
    cache.clear()
    assert sweep_assessment() == 1
    assert orphan not in stored() and {kept, fresh} <= stored()


def test_it_looks_once_a_day(hand_in, django_assert_num_queries):
    hand_in()
    cache.clear()
    forget_orphans()
    with django_assert_num_queries(0):
        assert forget_orphans() == 0


def test_a_rollback_around_it_leaves_the_file_to_the_sweep(hand_in):
    with pytest.raises(RuntimeError), transaction.atomic():
        name = hand_in().file.name
        raise RuntimeError
    assert name in stored() and not AnswerFile.objects.exists()
    old = (clock.now() - dt.timedelta(days=2)).timestamp()
    os.utime(storage().path(name), (old, old))
    cache.clear()
    assert forget_orphans() == 1 and name not in stored()
