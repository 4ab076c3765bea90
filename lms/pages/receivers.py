"""A page of ours was published: its pictures are to be drawn. Nothing depends on it; a visitor would draw them as well."""

from __future__ import annotations

from typing import Any

from wagtail.signals import page_published

from lms.core import work
from lms.core.public_pages import ServedPublicly
from lms.pages.drawing import streams_with_pictures


def connect() -> None:
    """Connect the receivers. Called once, when all apps are loaded."""
    page_published.connect(page_was_published, weak=False, dispatch_uid="lms.pages.page_was_published")


def page_was_published(sender: type, instance: Any, **kwargs: Any) -> None:
    """Wake the worker for a page with pictures."""
    if isinstance(instance, ServedPublicly) and next(streams_with_pictures(instance), None) is not None:
        work.wake("lms.pages.tasks.draw_pictures", page_id=instance.pk)
