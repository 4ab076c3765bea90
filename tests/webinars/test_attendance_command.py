"""``import_attendance --session``: the same path as the upload in the admin, from the command line."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.core.management import CommandError, call_command

from lms.webinars.models import Attendance, AttendanceImport
from tests.webinars.attendance_world import START, Line, make_learner, make_series, register, zoom

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: START + dt.timedelta(days=1))
    session = make_series().occurrences.get()
    register(make_learner("Siti", "siti@toko.example"), session)
    return session


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "laporan.csv"
    path.write_bytes(zoom([Line("Siti", "siti@toko.example", 0, 80), Line("Galaxy A12", "", 0, 9)]))
    return path


def said(file, *arguments):
    out = io.StringIO()
    call_command("import_attendance", str(file), *arguments, stdout=out)
    return out.getvalue()


def test_stored_as_a_preview(session, file):
    assert "2 people in the report, 1 of them matched. State: preview." in said(
        file, f"--session={session.public_id}"
    )
    assert AttendanceImport.objects.get().state == "previewed"
    assert not Attendance.objects.exists()


def test_applied_once(session, file):
    assert "State: applied." in said(file, f"--session={session.public_id}", "--apply")
    assert Attendance.objects.get().seconds == 4800
    with pytest.raises(CommandError, match="already imported"):
        said(file, f"--session={session.public_id}", "--apply")


def test_refusals_are_sentences(session, file, tmp_path):
    with pytest.raises(CommandError, match="no such session"):
        said(file, "--session", "nix")
    with pytest.raises(CommandError, match="no time zone"):
        said(file, f"--session={session.public_id}", "--zone", "Asia/Atlantis")
    with pytest.raises(CommandError, match=r"nix\.csv"):
        said(tmp_path / "nix.csv", f"--session={session.public_id}")
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")
    with pytest.raises(CommandError, match="empty"):
        said(empty, f"--session={session.public_id}")
    far = tmp_path / "far.csv"
    far.write_bytes(zoom([Line("Siti", "siti@toko.example")], start=START + dt.timedelta(days=61)))
    with pytest.raises(CommandError, match="--date-order"):
        said(far, f"--session={session.public_id}")
    with pytest.raises(CommandError, match="--preview"):
        said(file)
