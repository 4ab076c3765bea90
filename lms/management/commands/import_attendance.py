"""Read an attendance report: show what is in it, or let it count for a session."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.formats import date_format
from django.utils.translation import gettext

from lms.webinars.imports import (
    DATE_ORDERS,
    AmbiguousDates,
    EmptyReport,
    Report,
    ReportError,
    limits,
    preview,
    read_report,
)
from lms.webinars.report_words import sentence


class Command(BaseCommand):
    """``--preview FILE`` shows a report, opens no database and changes nothing; ``--session ID FILE`` stores it."""

    help = (
        "Reads an attendance report of Zoom, Teams or Meet. --preview prints the people in it and their time; "
        "--session stores it for a session as a preview, and with --apply lets it count."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="The report as the platform exported it (CSV).")
        parser.add_argument(
            "--preview", action="store_true", help="Only show what is in the report; change nothing."
        )
        parser.add_argument("--json", action="store_true", help="Print the preview as JSON.")
        parser.add_argument(
            "--session-start",
            metavar="ISO",
            help="The scheduled start, such as 2025-03-04T19:00, as a clock shows it in the zone in which the "
            "report prints its times. It settles whether 03/04/2025 is in March or in April.",
        )
        parser.add_argument("--date-order", choices=DATE_ORDERS, help="The order of day, month and year.")
        parser.add_argument("--session", metavar="ID", help="The session: the id in its address /s/<id>.")
        parser.add_argument(
            "--zone",
            help="The zone in which the report prints its times, such as Asia/Jakarta; the series' by default.",
        )
        parser.add_argument(
            "--apply",
            action="store_true",
            help="Let the report count at once; unmatched people stay to be settled.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["session"] and not options["preview"]:
            self.store(options)
            return
        if not options["preview"]:
            raise CommandError(
                gettext("Say --preview to see what is in the report, or --session to store it for a session.")
            )
        report = self.read(options["file"], wall_clock(options["session_start"]), options["date_order"])
        if options["json"]:
            # ASCII only: the output is read by programs, on consoles of any encoding.
            self.stdout.write(json.dumps(preview.as_json(report), indent=2))
        else:
            self.stdout.write(self.encodable("\n".join(preview.as_lines(report, gettext))))

    def store(self, options: dict[str, Any]) -> None:
        """Store the report for a session as the upload in the admin does, and let it count if that was asked."""
        # Here, because a preview works without a database.
        from lms.core.exceptions import KelasError  # noqa: PLC0415
        from lms.webinars.models import Occurrence  # noqa: PLC0415
        from lms.webinars.services import attendance  # noqa: PLC0415

        session = Occurrence.objects.select_related("series").filter(public_id=options["session"]).first()
        if session is None:
            raise CommandError(
                gettext("There is no such session. The id is what follows /s/ in its address.")
            )
        try:
            source = options["file"].read_bytes()
            report = attendance.preview_report(
                occurrence=session,
                source=source,
                file_name=options["file"].name,
                zone=options["zone"],
                date_order=options["date_order"],
            )
            if question := attendance.open_question(report):
                raise CommandError(f"{sentence(question)}\n--date-order mdy | dmy | ymd")
            if options["apply"]:
                attendance.request_apply(attendance_import=report)
                attendance.apply_import(attendance_import_id=report.pk)
        except OSError as error:
            raise CommandError(f"{options['file']}: {error.strerror}") from error
        except KelasError as error:
            raise CommandError(self.encodable(str(error))) from error
        report.refresh_from_db()
        people = report.people.exclude(role="no-show")
        for remark in report.warnings:
            self.stdout.write(self.encodable("! " + preview.printable(sentence(remark))))
        counts = {
            "people": people.count(),
            "matched": people.filter(learner__isnull=False).count(),
            "state": report.get_state_display(),
        }
        self.stdout.write(
            gettext("%(people)d people in the report, %(matched)d of them matched. State: %(state)s.")
            % counts
        )

    def read(self, path: Path, session_start: datetime | None, date_order: str | None) -> Report:
        """Return the report in a file; whatever is wrong with it becomes a ``CommandError`` in words."""
        try:
            with path.open("rb") as stream:
                source = stream.read(limits.BYTES + 1)
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        try:
            return read_report(source, filename=path.name, session_start=session_start, date_order=date_order)
        except ReportError as error:
            params = dict(error.params)
            if isinstance(error, AmbiguousDates):
                params |= {order: date_format(day, "j F Y") for order, day in error.readings.items()}
            lines = [f"{path.name}: {gettext(error.message) % params}"]
            if isinstance(error, AmbiguousDates):
                lines.append(
                    gettext("Answer with --date-order mdy or --date-order dmy, or give --session-start.")
                )
            if isinstance(error, EmptyReport):
                lines += ["  " + gettext(remark.message) % remark.values for remark in error.remarks]
            raise CommandError(self.encodable("\n".join(map(preview.printable, lines)))) from error

    def encodable(self, text: str) -> str:
        """Return the text with what the console cannot show replaced, so that printing never fails."""
        encoding = getattr(self.stdout, "encoding", None) or "utf-8"
        return text.encode(encoding, "replace").decode(encoding)


def wall_clock(text: str | None) -> datetime | None:
    """Return the naive moment that ``--session-start`` says."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        example = "2025-03-04T19:00"
        message = gettext("--session-start: “%(text)s” is no date and time such as %(example)s.")
        raise CommandError(message % {"text": text, "example": example}) from error
    if moment.utcoffset() is not None:
        raise CommandError(
            gettext("--session-start is the time on the clock of the report's zone; leave the offset away.")
        )
    return moment
