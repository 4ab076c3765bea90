"""The content: loaded once into a fresh database, never again over what an editor has changed since."""

from __future__ import annotations

import shutil
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from wagtail.fields import StreamField
from wagtail.models import Page, Site

from academy.home.models import HomePage
from lms.assessment.models import Question

FOLDER: Path = settings.ROOT / "fixtures"


def files() -> list[Path]:
    """Return the fixtures in the order in which they are loaded."""
    return sorted(FOLDER.glob("*.json"), key=lambda path: (path.stem != "academy", path.stem))


def is_loaded() -> bool:
    """Say whether the content is there already."""
    return HomePage.objects.exists()


def load() -> None:
    """Load all fixtures, and copy the pictures that they name to where uploads live."""
    for path in (FOLDER / "media").rglob("*"):
        target = Path(settings.MEDIA_ROOT) / path.relative_to(FOLDER / "media")
        if path.is_file() and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
    call_command("loaddata", *[str(path) for path in files()], verbosity=0)
    for page in Page.objects.specific():
        _point_at_pages(page)
    # loaddata leaves out what uses which file and page; the gate of lessons asks.
    call_command("rebuild_references_index", verbosity=0)
    # It tells the search index nothing either.
    call_command("update_index", verbosity=0, stdout=StringIO())


def _point_at_pages(page: Any) -> None:
    """Put ids into content that names pages by their place and questions by their key, as ``save_fixtures`` writes it."""
    for field in page._meta.get_fields():
        if not isinstance(field, StreamField):
            continue
        stream = getattr(page, field.name)
        changed = False
        for place, block in enumerate(list(stream.raw_data)):
            value = _with_ids(block["value"])
            if value != block["value"]:
                stream.raw_data[place] = {**block, "value": value}
                changed = True
        if changed:
            # Like loaddata it says nothing to anybody: what follows compiles.
            type(page).objects.filter(pk=page.pk).update(**{field.name: stream})


def _with_ids(value: Any) -> Any:
    if isinstance(value, dict) and set(value) == {"url_path"}:
        return Page.objects.get(url_path=value["url_path"]).pk
    if isinstance(value, dict) and set(value) == {"question"}:
        return Question.objects.get(key=value["question"]).pk
    if isinstance(value, dict):
        return {name: _with_ids(each) for name, each in value.items()}
    return value


def set_address(*, host: str, port: int) -> bool:
    """Make the site answer at this address, which mails, feeds and certificates are built from.

    Returns:
        Whether anything changed.
    """
    site = Site.objects.get(is_default_site=True)
    if (site.hostname, site.port) == (host, port):
        return False
    site.hostname, site.port = host, port
    site.save()
    return True
