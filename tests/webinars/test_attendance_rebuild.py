"""The commands that rebuild: they find nothing, repair what somebody broke, and a dry run changes nothing."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.core.management import CommandError, call_command

from lms.progress.models import ActivityProgress
from lms.webinars.models import Attendance
from lms.webinars.services import attendance as services
from tests.webinars.attendance_world import START, Line, make_learner, make_series, register, zoom

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: START + dt.timedelta(days=1))
    session = make_series().occurrences.get()
    for number in range(3):
        learner = make_learner(f"Peserta {number}", f"p{number}@toko.example")
        register(learner, session)
    source = zoom([Line(f"P{number}", f"p{number}@toko.example", 0, 80) for number in range(3)])
    report = services.preview_report(occurrence=session, source=source, file_name="r.csv")
    services.request_apply(attendance_import=report)
    services.apply_import(attendance_import_id=report.pk)
    return session


def said(*arguments):
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue().strip()


def test_nothing_differs(session):
    assert said("rebuild_attendance") == "0 differences"
    assert said("rebuild_attendance", f"--session={session.public_id}") == "0 differences"
    assert said("rebuild_progress") == "0 differences"
    assert said("rebuild_progress", "--activity", str(session.series.activity.key)) == "0 differences"


def test_what_somebody_broke_is_counted_and_then_repaired(session):
    Attendance.objects.order_by("pk").first().delete()
    Attendance.objects.filter(pk=Attendance.objects.order_by("-pk").first().pk).update(seconds=1)
    assert said("rebuild_attendance", "--dry-run") == "2 differences (nothing was changed)"
    assert Attendance.objects.filter(seconds=1).count() == 1
    assert said("rebuild_attendance") == "2 differences"
    assert list(Attendance.objects.values_list("seconds", flat=True)) == [4800, 4800, 4800]


def test_progress_likewise(session):
    ActivityProgress.objects.update(percent=0, completed_at=None)
    differences = said("rebuild_progress", "--dry-run")
    assert differences.endswith("(nothing was changed)") and not differences.startswith("0")
    assert not ActivityProgress.objects.filter(percent=100).exists()
    said("rebuild_progress")
    assert said("rebuild_progress") == "0 differences"
    assert ActivityProgress.objects.filter(percent=100).count() == 6


def test_what_does_not_exist_is_said(session):
    with pytest.raises(CommandError, match="no session"):
        said("rebuild_attendance", "--session", "nix")
    with pytest.raises(CommandError, match="no activity"):
        said("rebuild_progress", "--activity", "nix")
