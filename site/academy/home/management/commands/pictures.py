"""Takes the pictures of the README and the guides from the running demo: ``python site/manage.py pictures``."""

from __future__ import annotations

import os
import shutil
import urllib.error
import urllib.request
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from academy.home.demo import processes, roles, screens

#: Heaviest picture, in bytes: the README is read on phones too.
MOST_BYTES = 60_000
FOLDER = Path(__file__).resolve().parents[5] / "docs" / "images"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
]


class Command(BaseCommand):
    """See the module."""

    help = "Takes ten pictures of the running demo for the README and the guides."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take where the demo runs, and where the pictures go."""
        parser.add_argument("--port", type=int, default=8000, help="Port on which the demo runs (8000).")
        parser.add_argument("--to", type=Path, default=FOLDER, help="Folder of the pictures (docs/images).")
        parser.add_argument("--only", nargs="*", default=[], help="Names of pictures; without it all.")

    def handle(self, *args: Any, port: int, to: Path, only: list[str], **options: Any) -> None:
        """Take them."""
        if not getattr(settings, "DEMO", False):
            raise CommandError("This is not the demo's settings: run it with academy.settings.demo.")
        wanted = [each for each in screens.SCREENS if not only or each.name in only]
        if unknown := set(only) - {each.name for each in wanted}:
            names = ", ".join(each.name for each in screens.SCREENS)
            raise CommandError(f"There is no picture {', '.join(sorted(unknown))}. There are: {names}.")
        try:
            from playwright.sync_api import Error, sync_playwright  # noqa: PLC0415 -- of the tests only
        except ImportError:
            raise CommandError('Playwright is missing: pip install -e ".[demo,test]".') from None
        academy = f"http://{processes.HOST}:{port}"
        if not _answers(f"{academy}/id/"):
            raise CommandError(
                f"No demo answers at {academy}. Start it first: python site/manage.py demo --port {port}"
            )
        to.mkdir(parents=True, exist_ok=True)
        found = [
            (screen, screen.address(academy, f"http://{processes.HOST}:{port + 1}")) for screen in wanted
        ]
        with sync_playwright() as playwright:
            path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
            try:
                browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
            except Error as error:
                raise CommandError(
                    "No Chromium could be started. Install it (apt-get install chromium, or playwright install chromium) or name "
                    f"it in CHROMIUM. {error.message.splitlines()[0]}"
                ) from None
            for screen, address in found:
                target = to / f"{screen.name}.webp"
                size = _save(_take(browser, screen, address, academy), target)
                self.stdout.write(f"{target.name}: {size / 1000:.0f} kB")
            browser.close()


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=10):  # noqa: S310 -- our own server
            return True
    except (urllib.error.URLError, OSError):
        return False


def _take(browser: Any, screen: screens.Screen, address: str, academy: str) -> bytes:
    """Return a screen as PNG, in a browser that has never been here."""
    context = browser.new_context(
        viewport={"width": screen.width, "height": screen.height},
        device_scale_factor=screen.scale,
        color_scheme=screen.scheme,
        locale=screen.language,
        timezone_id="Asia/Makassar",
        service_workers="block",
    )
    page = context.new_page()
    if screen.login:
        page.goto(f"{academy}/admin/login/")
        page.fill("[name=username]", screen.login)
        page.fill("[name=password]", roles.PASSWORD)
        page.click("[type=submit]")
        page.wait_for_url("**/admin/")
    answer = page.goto(address, wait_until="networkidle")
    if answer is None or answer.status != 200:
        raise CommandError(f"{screen.name}: {address} answered {answer.status if answer else 'nothing'}.")
    if screen.scroll_to:
        page.locator(screen.scroll_to).first.evaluate(
            "each => each.scrollIntoView({block: 'start', behavior: 'instant'})"
        )
    page.wait_for_timeout(400)
    picture: bytes = page.screenshot()
    context.close()
    return picture


def _save(picture: bytes, target: Path) -> int:
    """Save a picture as WebP, as good as it may be heavy.

    Returns:
        Its bytes.
    """
    import io  # noqa: PLC0415 -- with Pillow

    from PIL import Image  # noqa: PLC0415 -- Wagtail brings it; the demo itself does not need it

    image = Image.open(io.BytesIO(picture)).convert("RGB")
    for quality in (88, 80, 70, 60, 45):
        image.save(target, "WEBP", quality=quality, method=6)
        if target.stat().st_size <= MOST_BYTES:
            return target.stat().st_size
    raise CommandError(f"{target.name} stays heavier than {MOST_BYTES // 1000} kB; make the screen smaller.")
