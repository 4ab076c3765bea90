"""``manage.py rebuild_attendance``: derive all attendance anew from the applied reports, and say what differed."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from lms.webinars.models import Occurrence
from lms.webinars.services.attendance import rebuild_attendance


class Command(BaseCommand):
    """Nothing should ever differ; if something does, it is repaired, and the number says how much."""

    help = "Derives attendance anew from the applied reports and prints how many rows differed (0 is right)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the arguments."""
        parser.add_argument(
            "--session", metavar="ID", help="only this session: the id in its address /s/<id>"
        )
        parser.add_argument("--dry-run", action="store_true", help="only count; change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild, and roll back if it was only to count."""
        occurrence_id = None
        if public_id := options["session"]:
            occurrence_id = (
                Occurrence.objects.filter(public_id=public_id).values_list("pk", flat=True).first()
            )
            if occurrence_id is None:
                raise CommandError(
                    f"There is no session {public_id}. The id is what follows /s/ in its address."
                )
        with transaction.atomic():
            differences = rebuild_attendance(occurrence_id)
            if options["dry_run"]:
                transaction.set_rollback(True)
        self.stdout.write(
            f"{differences} differences{' (nothing was changed)' if options['dry_run'] else ''}"
        )
