"""``manage.py export_xapi``: the ledger as xAPI 1.0.3 statements, for a learning record store."""

from __future__ import annotations

import datetime as dt
import uuid
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from lms.catalogue.models import Activity
from lms.core import clock
from lms.progress.rules import first_moment
from lms.reports.export import NoSite, as_array, as_lines, statements


class Command(BaseCommand):
    """Statements have stable ids: exporting and sending the same twice adds nothing to a store."""

    help = "Writes the ledger as xAPI 1.0.3 statements: one a line, or as a JSON array."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the arguments."""
        parser.add_argument("--course", metavar="KEY", help="only this course and its parts, by its key")
        parser.add_argument(
            "--since",
            metavar="DATE",
            help="only what was recorded from then on: 2027-03-01 (from its first moment in the default zone) or "
            "2027-03-01T12:00:00+07:00",
        )
        parser.add_argument("--output", metavar="FILE", type=Path, help="write to this file; default: print")
        parser.add_argument(
            "--array", action="store_true", help="one JSON array instead of one statement a line"
        )
        parser.add_argument(
            "--with-mail",
            action="store_true",
            help="name people by an address that they proved as theirs instead of by their account here",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Write them. A file appears whole or not at all."""
        found = statements(
            course=self._course(options["course"]),
            since=self._since(options["since"]),
            with_mail=options["with_mail"],
        )
        pieces = as_array(found) if options["array"] else as_lines(found)
        output: Path | None = options["output"]
        try:
            if output is None:
                for piece in pieces:
                    self.stdout.write(piece, ending="")
                return
            part = output.with_name(f"{output.name}.part")
            with part.open("w", encoding="utf-8") as file:
                file.writelines(pieces)
            part.replace(output)
        except NoSite as error:
            raise CommandError(
                "There is no default site. Set one up under Settings → Sites: statements name people by its address."
            ) from error
        except OSError as error:
            raise CommandError(f"Cannot write to {output}: {error.strerror}.") from error

    def _course(self, key: str | None) -> Activity | None:
        if key is None:
            return None
        try:
            course = Activity.objects.filter(key=uuid.UUID(key)).first()
        except ValueError:
            course = None
        if course is None:
            raise CommandError(
                f"There is no course with the key {key}. It stands in the address of its screens."
            )
        return course

    def _since(self, text: str | None) -> dt.datetime | None:
        if text is None:
            return None
        try:
            moment, day = parse_datetime(text), parse_date(text)
        except ValueError:
            moment = day = None
        if day is not None:
            return first_moment(day, clock.default_zone())
        if moment is None:
            raise CommandError(
                f"{text} is neither a date nor a moment. Write 2027-03-01 or 2027-03-01T12:00:00+07:00."
            )
        return timezone.make_aware(moment) if timezone.is_naive(moment) else moment
