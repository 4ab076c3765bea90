"""Bring the whole catalogue to what the live pages say."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from lms.catalogue.compile import compile_all


class Command(BaseCommand):
    """``manage.py compile_catalogue``: after ``loaddata``, and nightly. It changes nothing when all is well."""

    help = (
        "Compiles every page of a course or webinar series anew and says what changed. Run it after loaddata, and once "
        "a night. A page that cannot be compiled is named with the reason, keeps what it had, and stops nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Offer a stricter ending for scripts."""
        parser.add_argument(
            "--strict", action="store_true", help="End with status 1 if something could not be compiled."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Compile, and print a line for each activity that changed or failed."""
        seen = changed = rows = failed = 0
        for key, done in compile_all():
            seen += 1
            title = done.activity.title if done.activity else str(key)
            kind = done.activity.kind if done.activity else "page"
            if done.error:
                failed += 1
                self.stderr.write(self.style.ERROR(f"{kind} “{title}”: {done.error}"))
            elif done.changes:
                changed += 1
                rows += done.changes
                self.stdout.write(f"{kind} “{title}”: {_number(done.changes, 'row')} written")
            if options["verbosity"] > 1 and seen % 100 == 0:
                self.stdout.write(f"… {seen} looked at")
        words = f"{_number(seen, 'activity', 'activities')} looked at"
        if not changed and not failed:
            self.stdout.write(self.style.SUCCESS(f"{words}, nothing to change."))
            return
        words += f", {changed} changed ({_number(rows, 'row')}), {failed} failed."
        self.stdout.write(self.style.WARNING(words) if failed else self.style.SUCCESS(words))
        if failed and options["strict"]:
            raise SystemExit(1)


def _number(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
