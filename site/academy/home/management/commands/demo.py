"""The whole academy on one's own machine, with content, people and presence: ``python site/manage.py demo``."""

from __future__ import annotations

import shutil
from argparse import ArgumentParser, ArgumentTypeError
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections
from django.urls import reverse

from academy.home.demo import (
    fixtures,
    learning,
    partners,
    people,
    presence,
    processes,
    roles,
    schedule,
    static_files,
)
from academy.home.demo.bar import Steps
from lms.catalogue.compile import compile_all
from lms.core import clock
from lms.core.addresses import absolute
from lms.webinars.models import Occurrence, WebinarSeries


def port_number(text: str) -> int:
    """Read ``--port``; the next port is the partner's."""
    if not text.isdecimal() or not 1 <= int(text) <= 65534:
        raise ArgumentTypeError("Give a port from 1 to 65534; the one after it serves the partner's page.")
    return int(text)


class Command(BaseCommand):
    """See the module."""

    help = "Prepares the demo (twice changes nothing) and runs it until Ctrl-C."
    # What the checks would ask for is what the first steps make.
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what may be different."""
        parser.add_argument(
            "--port",
            type=port_number,
            default=8000,
            help="Port of the academy (8000); the next one is the partner's.",
        )
        parser.add_argument("--no-serve", action="store_true", help="Prepare everything, start nothing.")
        parser.add_argument(
            "--reset", action="store_true", help="Throw the demo's database and files away first."
        )

    def handle(self, *args: Any, port: int, no_serve: bool, reset: bool, **options: Any) -> None:
        """Prepare, and run."""
        if not getattr(settings, "DEMO", False):
            raise CommandError("This is not the demo's settings: run it with academy.settings.demo.")
        for number in () if no_serve else (port, port + 1):
            if not processes.is_free(number):
                raise CommandError(
                    f"Port {number} is taken. Stop what listens there, or choose another with --port."
                )
        if reset:
            self.reset()
        steps = Steps(self.stdout._out)  # type: ignore[attr-defined]
        with ThreadPoolExecutor(max_workers=1) as beside:
            # Compressing files leaves the interpreter free for the other steps.
            files = beside.submit(static_files.collect)
            calendar = self.prepare(steps, port)
            with steps.step("Static files") as outcome:
                outcome["words"] = "collected" if files.result() else "as they were"
        embed_url = absolute(reverse("lms_public:embed_agenda", args=[calendar]))
        self.stdout.write(f"Ready after {steps.seconds():.0f} seconds.\n")
        if no_serve:
            return
        # Child processes open connections of their own.
        connections.close_all()
        running = processes.start_all(port=port, partner_port=port + 1, embed_url=embed_url)
        if processes.answers(port) and processes.answers(port + 1):
            self.show_addresses(port)
        if ended := processes.wait(running):
            raise CommandError(
                f"The {ended} ended by itself, so everything else was ended too. Its message is above."
            )
        self.stdout.write("Everything that the demo started has ended.")

    def prepare(self, steps: Steps, port: int) -> str:
        """Do everything that comes before running. Each step finds out by itself whether it has something to do.

        Returns:
            The public id of the partner's calendar.
        """
        with steps.step("Database"):
            Path(settings.VAR).mkdir(parents=True, exist_ok=True)
            call_command("migrate", verbosity=0, interactive=False)
        with steps.step("Content") as outcome:
            outcome["words"] = "there already"
            if not fixtures.is_loaded():
                fixtures.load()
                outcome["words"] = f"{len(fixtures.files())} files loaded"
            fixtures.set_address(host=processes.HOST, port=port)
        with steps.step("Dates") as outcome:
            published = schedule.set_dates(meeting_url=f"http://{processes.HOST}:{port + 1}/room/")
            outcome["words"] = f"{published} series set to the present" if published else "as they were"
        with steps.step("Catalogue") as outcome:
            outcome["words"] = self.compile()
        with steps.step("Logins") as outcome:
            outcome["words"] = f"{roles.make_roles()} made"
        series = list(
            WebinarSeries.objects.filter(activity__live=True).select_related("activity").order_by("pk")
        )
        for each in series:
            coming = sum(people.comes_to(person, each) for person in people.everybody())
            steps.count("People", coming, "learners registered", people.register(each))
        past = Occurrence.objects.filter(ends_at__lt=clock.now(), status=Occurrence.Status.SCHEDULED).count()
        steps.count("Presence", past, "reports imported", presence.import_reports())
        steps.count("Courses", len(people.everybody()), "learners looked at", learning.take_courses())
        with steps.step("Partner"):
            hosts = [f"http://{name}:{port + 1}" for name in (processes.HOST, "localhost")]
            calendar, _changed = partners.make_partner(origins=hosts)
        return calendar.public_id

    def compile(self) -> str:
        """Compile everything; after loading fixtures this is what makes activities and sessions."""
        errors, changes = [], 0
        for key, compiled in compile_all():
            changes += compiled.changes
            if compiled.error:
                errors.append(f"{key}: {compiled.error}")
        if errors:
            raise CommandError("The catalogue could not be compiled. " + "; ".join(errors))
        return f"{changes} rows written" if changes else "nothing to change"

    def reset(self) -> None:
        """Throw away what the demo made: its database, files and mails. The secret key and the static files stay."""
        connections.close_all()
        database = Path(settings.DATABASES["default"]["NAME"])
        for path in (database, *database.parent.glob(f"{database.name}-*")):
            path.unlink(missing_ok=True)
        for folder in ("media", "private", "mail"):
            shutil.rmtree(Path(settings.VAR) / folder, ignore_errors=True)
        self.stdout.write("The demo's database and files are gone.")

    def show_addresses(self, port: int) -> None:
        """Print where to look, and as whom."""
        base = f"http://{processes.HOST}:{port}"
        self.stdout.write(
            f"\n  The academy          {base}/id/   (English: {base}/en/)\n"
            f"  Its mail box         {base}/demo/mail/   (the demo sends no mail; look here)\n"
            f"  A partner's site     http://{processes.HOST}:{port + 1}/\n"
            f"  The editors' side    {base}/admin/\n"
        )
        for login in roles.LOGINS:
            self.stdout.write(f"      {login.username:<12} {roles.PASSWORD}   {login.words}")
        self.stdout.write("\n  Ctrl-C ends everything.\n")
        self.stdout.flush()
