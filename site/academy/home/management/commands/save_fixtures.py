"""Writes the academy's content as it is in the database back to ``fixtures/``, readable and in a fixed order.

Edit the demo in the admin, run ``python site/manage.py save_fixtures``, and look at the difference in git.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core import serializers
from django.core.management.base import BaseCommand
from django.db.models import NOT_PROVIDED, Model
from wagtail.blocks import PageChooserBlock
from wagtail.documents import get_document_model
from wagtail.fields import StreamField
from wagtail.images import get_image_model
from wagtail.models import Locale, Page, Site

from academy.home.demo.fixtures import FOLDER
from lms.assessment.models import Question, QuestionBank
from lms.catalogue.models import Level, Topic
from lms.credentials.models import CertificateDesign, Issuer
from lms.pages.models import CurriculumPage

#: What editing leaves behind and a fixture must not say.
FORGOTTEN = {
    "latest_revision",
    "live_revision",
    "latest_revision_created_at",
    "first_published_at",
    "last_published_at",
    "has_unpublished_changes",
    "locked",
    "locked_at",
    "locked_by",
    "owner",
    "uploaded_by_user",
    "file_hash",
    "file_size",
}
#: loaddata does not fill in when a row was made, so every fixture says the same moment.
MADE_AT = "2026-01-01T00:00:00Z"


class Command(BaseCommand):
    """See the module."""

    help = "Writes pages, pictures and certificate designs back to fixtures/."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take another folder than the repository's."""
        parser.add_argument("--to", type=Path, default=FOLDER, help="Folder to write to.")

    def handle(self, *args: Any, to: Path, **options: Any) -> None:
        """Write one file for each curriculum, and one for everything around them."""
        files: dict[str, list[dict[str, Any]]] = defaultdict(list)
        files["academy"] += _rows([*Locale.objects.order_by("pk"), *get_image_model().objects.order_by("pk")])
        files["academy"] += _rows(get_document_model().objects.order_by("pk"))
        files["academy"] += _rows([*Topic.objects.order_by("slug"), *Level.objects.order_by("slug")])
        files["academy"] += _rows([*Issuer.objects.order_by("pk"), *CertificateDesign.objects.order_by("pk")])
        files["questions"] += _rows(
            [*QuestionBank.objects.order_by("pk"), *Question.objects.order_by("bank", "pk")]
        )
        curricula = _curricula()
        for page in Page.objects.order_by("path").specific():
            name = next((name for path, name in curricula.items() if page.path.startswith(path)), "academy")
            files[name] += _rows([Page.objects.get(pk=page.pk)])
            if type(page) is not Page:
                files[name] += _rows([page])
        files["academy"] += _rows(Site.objects.order_by("pk"))
        to.mkdir(parents=True, exist_ok=True)
        for name, rows in files.items():
            path = to / f"{name}.json"
            path.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n")
            self.stdout.write(f"{path}: {len(rows)} rows")


def _curricula() -> dict[str, str]:
    """Return path in the tree → file name; translations of a curriculum share a file."""
    default = Locale.get_default().pk
    names = dict(CurriculumPage.objects.filter(locale_id=default).values_list("translation_key", "slug"))
    return {page.path: names.get(page.translation_key, page.slug) for page in CurriculumPage.objects.all()}


def _rows(objects: Iterable[Model]) -> list[dict[str, Any]]:
    rows = []
    for each in objects:
        row = serializers.serialize(
            "python", [each], use_natural_foreign_keys=True, use_natural_primary_keys=True
        )[0]
        row["fields"] = {
            name: _plain(each, name, value)
            for name, value in row["fields"].items()
            if name not in FORGOTTEN and not _is_default(each, name)
        }
        rows.append(json.loads(json.dumps(row, default=str)))
    return rows


def _plain(row: Model, name: str, value: Any) -> Any:
    """Write a stream as JSON rather than as text that holds JSON, so that people can read it."""
    if getattr(row._meta.get_field(name), "auto_now", False) or getattr(
        row._meta.get_field(name), "auto_now_add", False
    ):
        return MADE_AT
    return _by_place(row, name, value) if isinstance(row._meta.get_field(name), StreamField) else value


def _by_place(row: Model, name: str, value: Any) -> Any:
    """Name pages by their place in the tree and questions by their key: ids differ from database to database."""
    blocks = json.loads(value)
    for raw, child in zip(blocks, getattr(row, name), strict=True):
        if isinstance(child.block, PageChooserBlock) and child.value:
            raw["value"] = {"url_path": child.value.url_path}
        if isinstance(child.value, Question):
            raw["value"] = {"question": child.value.key}
        for field, block in getattr(child.block, "child_blocks", {}).items():
            if isinstance(block, PageChooserBlock) and child.value[field]:
                raw["value"][field] = {"url_path": child.value[field].url_path}
    return blocks


def _is_default(row: Model, name: str) -> bool:
    field = row._meta.get_field(name)
    if field.many_to_many:
        return not getattr(row, name).all()
    if field.is_relation:
        return getattr(row, field.attname) is None
    value = getattr(row, name)
    if isinstance(field, StreamField):
        return not value
    if field.default is NOT_PROVIDED:
        return value in ("", None) and (field.blank or field.null)
    return not callable(field.default) and value == field.default
