"""Signals of Wagtail that say *look again*. They ask for a compilation at commit and write nothing themselves."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete, post_save, pre_delete
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractPage, PageViewRestriction
from wagtail.signals import page_published, page_unpublished, post_page_move

from lms import signals
from lms.catalogue import kinds
from lms.catalogue.classified import classify
from lms.catalogue.compile import request
from lms.catalogue.mixins import ActivityPageMixin
from lms.catalogue.models import Activity, Level, Topic
from lms.catalogue.prerequisites import keys_needing
from lms.catalogue.tree import keys_around
from lms.core.base_page import base_page


def connect() -> None:
    """Register the catalogue's kinds and connect its receivers. Called once, when all apps are loaded."""
    kinds.register(kinds.Kind("curriculum", _("curriculum"), outline_from_pages=True, level=30))
    kinds.register(kinds.Kind("course", _("course"), outline_from_pages=True, level=20))
    kinds.register(kinds.Kind("module", _("module"), groups=True))
    kinds.register(kinds.Kind("lesson", _("lesson")))

    for signal in (page_published, page_unpublished):
        signal.connect(page_changed, weak=False, dispatch_uid="lms.catalogue.page_changed")
    post_page_move.connect(page_moved, weak=False, dispatch_uid="lms.catalogue.page_moved")
    post_save.connect(page_saved, weak=False, dispatch_uid="lms.catalogue.page_saved")
    pre_delete.connect(page_going, weak=False, dispatch_uid="lms.catalogue.page_going")
    for signal in (post_save, post_delete):
        signal.connect(
            restriction_changed,
            sender=PageViewRestriction,
            weak=False,
            dispatch_uid="lms.catalogue.restriction_changed",
        )
        for model in (Topic, Level):
            signal.connect(
                term_changed,
                sender=model,
                weak=False,
                dispatch_uid=f"lms.catalogue.term_changed.{model.__name__}",
            )
    signals.compiled.connect(classified, weak=False, dispatch_uid="lms.catalogue.classified")


def page_changed(sender: type, instance: Any, **kwargs: Any) -> None:
    """A page was published or unpublished."""
    if isinstance(instance, ActivityPageMixin) or kinds.kind_of(getattr(instance, "specific_class", None)):
        _look_again(instance.pk)


def page_saved(sender: type, instance: Any, raw: bool = False, **kwargs: Any) -> None:
    """A page row was written by whatever means; ``loaddata`` (raw) is followed by ``compile_catalogue``."""
    if not raw and isinstance(instance, ActivityPageMixin):
        _look_again(instance.pk)


def page_moved(sender: type, instance: AbstractPage, parent_page_before: AbstractPage, **kwargs: Any) -> None:
    """A page moved, with everything below it: both its old and its new surroundings change."""
    page = base_page().objects.filter(pk=instance.pk).first()
    old_parent = base_page().objects.filter(pk=parent_page_before.pk).first()
    keys = keys_around(page, below=True) if page else []
    if old_parent:
        keys += keys_around(old_parent)
    request(keys)


def page_going(sender: type, instance: Any, **kwargs: Any) -> None:
    """A page is about to be deleted; what it leaves behind is compiled when the deletion commits."""
    if isinstance(instance, ActivityPageMixin):
        page = base_page().objects.filter(pk=instance.pk).first()
        if page:
            request([*keys_around(page), *keys_needing(page)])


def restriction_changed(
    sender: type, instance: PageViewRestriction, raw: bool = False, **kwargs: Any
) -> None:
    """Somebody made a part of the tree private, or public again."""
    page = base_page().objects.filter(pk=instance.page_id).first()
    if page and not raw:
        request(keys_around(page, below=True))


def classified(sender: type, activity: Activity, page: Any, **kwargs: Any) -> int:
    """A page was compiled: take over what it is found by. Returns how many things changed."""
    return classify(activity, page)


def term_changed(sender: type, instance: Any, raw: bool = False, **kwargs: Any) -> None:
    """A topic or level was written or is gone: pages that name it are old."""
    if not raw:
        signals.public_content_changed.send(sender=None)


def _look_again(pk: int) -> None:
    # Objects carried by signals may be old: the path is read anew.
    page = base_page().objects.filter(pk=pk).first()
    if page:
        request(keys_around(page))
