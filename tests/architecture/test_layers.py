"""Imports point down only; and each rule is seen to fail on a planted violation."""

from __future__ import annotations

import pytest

from tests.architecture.tree import ROOT, copy_to, lint_imports, ruff


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    return copy_to(tmp_path_factory.mktemp("tree"))


def test_the_tree_keeps_every_contract():
    result = lint_imports(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "0 broken" in result.stdout


@pytest.mark.parametrize(
    ("place", "line", "contract"),
    [
        ("lms/core/clock.py", "import lms.people.models", "Areas depend downwards only"),
        ("lms/progress/queries.py", "import lms.webinars.queries", "Areas depend downwards only"),
        ("lms/credentials/models.py", "import lms.calendars.models", "Areas depend downwards only"),
        ("lms/people/models.py", "import academy", "The product never imports the demo site"),
        ("lms/webinars/forms.py", "import lms.progress.models", "Only progress touches the ledger"),
        ("lms/credentials/models.py", "import icalendar", "Only calendars.ical"),
    ],
)
def test_a_planted_import_breaks_its_contract(copy, place, line, contract):
    path = copy / place
    before = path.read_text()
    try:
        path.write_text(before + f"\n{line}\n")
        result = lint_imports(copy)
    finally:
        path.write_text(before)
    assert result.returncode != 0
    assert any(contract in row and "BROKEN" in row for row in result.stdout.splitlines()), result.stdout


def test_a_new_room_breaks_the_contract_until_it_has_a_layer(copy):
    room = copy / "lms" / "payments"
    room.mkdir()
    (room / "__init__.py").write_text("")
    try:
        result = lint_imports(copy)
    finally:
        (room / "__init__.py").unlink()
        room.rmdir()
    assert result.returncode != 0
    assert "payments" in result.stdout


@pytest.mark.parametrize("line", ["from django.http import HttpResponse", "import wagtail.admin.panels"])
@pytest.mark.parametrize(
    "place",
    [
        "lms/progress/services/ledger.py",
        "lms/progress/rules/completion.py",
        "lms/webinars/queries/schedule.py",
    ],
)
def test_domain_code_that_knows_http_or_the_admin_is_refused(copy, place, line):
    path = copy / place
    before = path.read_text()
    try:
        path.write_text(f"{line}\n{before}")
        result = ruff(copy, "--select", "TID251", place)
    finally:
        path.write_text(before)
    assert result.returncode != 0
    assert "TID251" in result.stdout


def test_ruff_is_content_with_the_tree():
    result = ruff(ROOT, "lms", "site", "tests")
    assert result.returncode == 0, result.stdout[-3000:]
