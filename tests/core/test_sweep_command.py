"""``manage.py sweep``: once, or again and again until it is told to stop."""

from __future__ import annotations

import os
import signal
import threading

import pytest
from django.core.management import CommandError, call_command

from lms.core import work

pytestmark = pytest.mark.django_db


@pytest.fixture
def area(monkeypatch):
    """An area with a sweep of its own, and nothing else to sweep."""
    monkeypatch.setattr(work, "_sweeps", {})
    calls = []

    def sweep():
        calls.append(1)
        return 2 if len(calls) == 1 else 0

    work.register_sweep("letters", sweep)
    return calls


def test_one_sweep_says_what_it_finished(area, capsys):
    call_command("sweep")
    assert capsys.readouterr().out == "letters 2\n"
    call_command("sweep")
    assert capsys.readouterr().out == "Nothing was due.\n"


def test_an_area_that_fails_does_not_stop_the_others(area, capsys, monkeypatch):
    def fail():
        raise ZeroDivisionError

    monkeypatch.setattr(work, "_sweeps", {"broken": fail} | work._sweeps)
    call_command("sweep")
    assert capsys.readouterr().out == "letters 2\n"


def test_it_repeats_until_it_is_told_to_stop(area):
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        threading.Timer(2.5, os.kill, (os.getpid(), signal.SIGTERM)).start()
        call_command("sweep", every=1, verbosity=0)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert 2 <= len(area) <= 4


@pytest.mark.parametrize("value", ["0", "-3", "often", "inf", "nan"])
def test_a_pause_that_is_none_is_refused_in_words(value):
    with pytest.raises(CommandError, match="number from 1 upwards"):
        call_command("sweep", f"--every={value}")
