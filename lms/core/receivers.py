"""The page cache becomes old whenever something that a public page shows may have changed."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db.models import Model
from django.db.models.signals import post_delete, post_save
from wagtail.models import AbstractPage, Locale, PageViewRestriction, Site
from wagtail.signals import page_published, page_unpublished, post_page_move

from lms import signals
from lms.core.page_cache import raise_generation


def connect() -> None:
    """Listen to everything that changes public pages. Called once, when all apps are loaded."""
    for signal in (page_published, page_unpublished, post_page_move, signals.public_content_changed):
        signal.connect(content_changed, weak=False, dispatch_uid="lms.core.content_changed")
    for signal in (post_save, post_delete):
        # Pages have many types, each its own sender, so that the receiver looks at the instance.
        signal.connect(page_written, weak=False, dispatch_uid="lms.core.page_written")
        for model in _shown_models():
            signal.connect(
                content_changed,
                sender=model,
                weak=False,
                dispatch_uid=f"lms.core.content_changed.{model.__name__}",
            )


def _shown_models() -> list[type[Model]]:
    models: list[type[Model]] = [Site, Locale, PageViewRestriction]
    if apps.is_installed("wagtail.images"):
        from wagtail.images import get_image_model  # noqa: PLC0415 -- optional dependency

        models.append(get_image_model())
    return models


def content_changed(sender: Any, **kwargs: Any) -> None:
    """Something public changed, or may have."""
    raise_generation()


def page_written(sender: type, instance: Any, **kwargs: Any) -> None:
    """A page row was saved or deleted by whatever means: published, moved, expired, loaded from a fixture."""
    if isinstance(instance, AbstractPage):
        raise_generation()
