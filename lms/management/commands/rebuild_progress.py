"""``manage.py rebuild_progress``: derive progress and completions anew from the ledger, and say what differed."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from lms.catalogue.models import Activity
from lms.core import clock
from lms.people.models import Learner
from lms.progress.derive import Difference, count_runs, rebuild

#: Characters of the bar; differences that are named before the rest is only counted.
WIDTH = 24
MOST_NAMED = 50


class Command(BaseCommand):
    """Nothing should ever differ; if something does, it is named and repaired, and the number says how much."""

    help = "Derives progress anew from the ledger, names what differed and prints how many rows did (0 is right)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the arguments."""
        parser.add_argument(
            "--activity", metavar="KEY", help="only this activity (a course, a series), by its key"
        )
        parser.add_argument("--learner", metavar="ID", help="only this learner, by their public id")
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="only say what differs; change nothing (one transaction, so it holds up writers on SQLite)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild, and roll back if it was only to look."""
        which = {
            "activity_id": self._activity(options["activity"]),
            "learner_id": self._learner(options["learner"]),
        }
        self.total, self.seen, self.told = count_runs(**which), 0, 0
        found: list[Difference] = []
        if options["dry_run"]:
            with transaction.atomic():
                differences = rebuild(**which, tell=found.append, looked_at=self._draw)
                transaction.set_rollback(True)
        else:
            differences = rebuild(**which, tell=found.append, looked_at=self._draw)
        if self.stderr.isatty() and self.total:
            self.stderr.write("\r\x1b[2K", ending="")
        self._name(found)
        self.stdout.write(
            f"{differences} differences{' (nothing was changed)' if options['dry_run'] else ''}"
        )

    def _activity(self, key: str | None) -> int | None:
        if not key:
            return None
        try:
            return Activity.objects.values_list("pk", flat=True).get(key=key)
        except (Activity.DoesNotExist, ValidationError):
            raise CommandError(f"There is no activity with the key {key}.") from None

    def _learner(self, public_id: str | None) -> int | None:
        if not public_id:
            return None
        try:
            return Learner.objects.values_list("pk", flat=True).get(public_id=public_id)
        except Learner.DoesNotExist:
            raise CommandError(f"There is no learner with the public id {public_id}.") from None

    def _draw(self, runs: int) -> None:
        """Draw the bar over again on a terminal; into a file nothing is drawn."""
        self.seen += runs
        if self.stderr.isatty():
            filled = WIDTH * self.seen // max(self.total, 1)
            bar = f"{'█' * filled}{'░' * (WIDTH - filled)}"
            self.stderr.write(f"\r\x1b[2K{bar} {self.seen} of {self.total} runs", ending="")

    def _name(self, found: list[Difference]) -> None:
        """Print what differed, one line each, people by public id."""
        shown = found[:MOST_NAMED]
        people = dict(
            Learner.objects.filter(pk__in={each.learner_id for each in shown}).values_list("pk", "public_id")
        )
        ids = {each.owner_id for each in shown} | {each.activity_id for each in shown if each.activity_id}
        titles = dict(Activity.objects.filter(pk__in=ids).values_list("pk", "title"))
        for each in shown:
            part = "completion" if each.activity_id is None else f"“{titles.get(each.activity_id, '?')}”"
            self.stdout.write(
                f"{people.get(each.learner_id, '?')} run {each.run} of “{titles.get(each.owner_id, '?')}”: {part} "
                f"{_words(each.before)} → {_words(each.after)}"
            )
        if len(found) > MOST_NAMED:
            self.stdout.write(f"… and {len(found) - MOST_NAMED} more")


def _words(row: tuple[Any, ...] | None) -> str:
    if row is None:
        return "nothing"
    percent, moment = row
    when = f", done {clock.wall_clock(moment, clock.default_zone()):%Y-%m-%d %H:%M:%S}" if moment else ""
    return f"{percent}%{when}"
