"""``rebuild_progress``: of all, of one course, of one learner; a dry run names what differs and changes nothing."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from lms.people.models import Learner
from lms.progress.models import ActivityProgress, Completion
from tests.progress.test_access import enrol, finish, make_course

pytestmark = pytest.mark.django_db


def said(*arguments):
    out = io.StringIO()
    call_command("rebuild_progress", *arguments, stdout=out)
    return out.getvalue().splitlines()


@pytest.fixture
def broken():
    """Two learners who completed two courses, and somebody meddled with the tables."""
    found = []
    for name in ("Ibu Contoh", "Pak Contoh"):
        learner = Learner.objects.create(name=name)
        for _ in range(2):
            course, lessons = make_course(1)
            enrol(learner, course)
            finish(learner, lessons[0])
            found.append((learner, course))
    Completion.objects.all().delete()
    ActivityProgress.objects.filter(percent=100, activity__kind="course").update(
        percent=40, completed_at=None
    )
    return found


def test_a_dry_run_names_what_differs_and_changes_nothing(broken):
    lines = said("--dry-run")
    assert lines[-1] == "8 differences (nothing was changed)"
    learner, course = broken[0]
    mine = [line for line in lines if line.startswith(f"{learner.public_id} run 1 of “{course.title}”: ")]
    assert any("“Kursus” 40% → 100%, done 20" in line for line in mine)
    assert any("completion nothing → 100%, done 20" in line for line in mine)
    assert not Completion.objects.exists()
    assert said("--dry-run") == lines


def test_one_course_or_one_learner_is_repaired_and_nothing_else(broken):
    (learner, course), (_, second), (other, third), _ = broken
    assert said("--activity", str(course.key))[-1] == "2 differences"
    assert list(Completion.objects.values_list("enrolment__activity", flat=True)) == [course.pk]
    assert said(f"--learner={learner.public_id}")[-1] == "2 differences"
    assert set(Completion.objects.values_list("enrolment__activity", flat=True)) == {course.pk, second.pk}
    assert said("--activity", str(third.key), f"--learner={learner.public_id}") == ["0 differences"]
    assert said(f"--learner={other.public_id}")[-1] == "4 differences"
    assert said() == ["0 differences"]


def test_many_differences_are_named_only_in_part(monkeypatch, broken):
    monkeypatch.setattr("lms.management.commands.rebuild_progress.MOST_NAMED", 3)
    lines = said("--dry-run")
    assert len(lines) == 5
    assert lines[3] == "… and 5 more"


def test_a_terminal_sees_a_bar(broken):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    screen = Terminal()
    call_command("rebuild_progress", stdout=io.StringIO(), stderr=screen)
    assert "4 of 4 runs" in screen.getvalue()


@pytest.mark.parametrize(
    ("arguments", "refusal"),
    [
        (["--activity", "nix"], "There is no activity with the key nix"),
        (["--learner", "nobody"], "There is no learner with the public id nobody"),
    ],
)
def test_what_is_not_there_is_said(arguments, refusal):
    with pytest.raises(CommandError, match=refusal):
        said(*arguments)
