"""Publishing compiles: from the live page tree in the database to activities, their pages and their outlines.

Signals only say *look again* (``request``). What is compiled is read from the database at that moment, never from the
object that a signal carries, and only differences are written. A failure is stored on the activity and never breaks
publishing.
"""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from wagtail.models import AbstractPage, Locale

from lms import signals
from lms.catalogue import kinds
from lms.catalogue.models import Activity, ActivityPage
from lms.catalogue.outlines import write_outline
from lms.catalogue.parts import parts_of
from lms.catalogue.prerequisites import prerequisites_of
from lms.catalogue.tree import identity, ours
from lms.core import clock
from lms.core.base_page import base_page

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Compiled:
    """What one compilation did: rows written, and whether the outline has a new version."""

    activity: Activity | None = None
    changes: int = 0
    error: str = ""


# ── looking again ────────────────────────────────────────────────────────────────────────────────────────────────


class _Counter(threading.local):
    """When, counted per thread, something was asked for, and when each activity was last compiled after a commit."""

    now = 0

    def __init__(self) -> None:
        self.compiled: dict[uuid.UUID, int] = {}


_counter = _Counter()


def request(keys: Iterable[uuid.UUID]) -> None:
    """Compile these activities when the current transaction commits (at once outside of one).

    Keys come lowest first: a lesson before its course, a course before its curriculum. What is asked for many times in
    one transaction is compiled once.
    """
    keys = tuple(dict.fromkeys(keys))
    if keys:
        _counter.now += 1
        transaction.on_commit(partial(_run, keys, _counter.now))


def _run(keys: tuple[uuid.UUID, ...], asked: int) -> None:
    for key in keys:
        # This thread compiled it after this was asked for, and after the commit: there is nothing new to see.
        if _counter.compiled.get(key, 0) > asked:
            continue
        if len(_counter.compiled) > 10_000:
            _counter.compiled.clear()
        _counter.now += 1
        _counter.compiled[key] = _counter.now
        compile_safely(key)


# ── compiling ────────────────────────────────────────────────────────────────────────────────────────────────────


def compile_safely(key: uuid.UUID) -> Compiled:
    """Compile one activity; store and log a failure instead of raising it."""
    try:
        try:
            return compile_activity(key)
        except IntegrityError:
            # Two compiled it for the first time at once: no row was there yet to lock. Now there is one.
            return compile_activity(key)
    except Exception as error:
        logger.exception("Compiling activity %s failed.", key)
        text = f"{type(error).__name__}: {error}"
        try:
            return Compiled(activity=_store_failure(key, text), error=text)
        except Exception:
            logger.exception("The failure of activity %s could not be stored.", key)
            return Compiled(error=text)


@transaction.atomic
def _store_failure(key: uuid.UUID, text: str) -> Activity | None:
    activity = Activity.objects.filter(translation_key=key).first()
    if activity is not None:
        Activity.objects.filter(pk=activity.pk).update(compile_error=text)
        return activity
    # It failed the first time already. The row that says so is not live, so nothing shows it but the list of failures.
    page = ours(base_page().objects.filter(translation_key=key)).order_by("pk").first()
    if page is None:
        return None
    kind = kinds.kind_of(page.specific_class)
    if kind is None:
        return None
    return Activity.objects.create(
        translation_key=key,
        kind=kind.name,
        title=page.title,
        compile_error=text,
    )


def compile_all() -> Iterator[tuple[uuid.UUID, Compiled]]:
    """Compile every activity and every page of ours, deepest first; yield what each compilation did."""
    keys = [
        identity(page)
        for page in ours(base_page().objects.all()).select_related("alias_of").order_by("-depth", "path")
    ]
    known = Activity.objects.exclude(translation_key=None).values_list("translation_key", flat=True)
    keys += [key for key in known if key is not None]
    for key in dict.fromkeys(keys):
        yield key, compile_safely(key)


@transaction.atomic
def compile_activity(key: uuid.UUID) -> Compiled:
    """Bring one activity, its pages and its outline to what the live pages say.

    Args:
        key: translation key, as ``identity`` returns it.
    """
    # Locked before the pages are read: who waits here reads what the other has seen, or something newer.
    activity = Activity.objects.select_for_update().filter(translation_key=key).first()
    pages = list(ours(base_page().objects.filter(translation_key=key)).select_related("locale", "alias_of"))
    pages = [page for page in pages if identity(page) == key]
    live = [page for page in pages if page.live]
    owner = _owner(live)
    if activity is None and owner is None:
        return Compiled()
    done = Compiled()
    owner_page = owner.specific if owner else None
    public = {page.pk for page in live if not page.get_view_restrictions().exists()}
    needs, refused = prerequisites_of(owner_page, key) if owner_page is not None else ([], "")
    activity = _write_activity(activity, key, owner_page, bool(public), refused, done)
    _write_pages(activity, pages, owner, public, done)
    kind = kinds.get(activity.kind)
    outline_changed = False
    if owner_page is not None and kind.outline_from_pages:
        rules = owner_page.outline_rules()
        if needs:
            rules["prerequisites"] = [str(each) for each in needs]
        outline_changed = (
            write_outline(
                activity=activity, parts=parts_of(owner_page, compile_missing=_compile_missing), rules=rules
            )
            is not None
        )
        done.changes += outline_changed
    answers = signals.compiled.send(
        sender=Activity,
        activity=activity,
        page=owner_page,
        changed=bool(done.changes),
        outline_changed=outline_changed,
    )
    counts: list[Any] = [answer for _, answer in answers]
    done.changes += sum(count for count in counts if isinstance(count, int))
    if done.changes:
        Activity.objects.filter(pk=activity.pk).update(compiled_at=clock.now())
        # What was left out elsewhere, because it closed a loop with this, may be fine now, or be called otherwise.
        waiting = Activity.objects.filter(live=True).exclude(compile_error="").exclude(pk=activity.pk)
        request(each for each in waiting.values_list("translation_key", flat=True) if each)
        signals.public_content_changed.send(sender=None)
    done.activity = activity
    return done


def _owner(live: list[AbstractPage]) -> AbstractPage | None:
    """Choose the page that holds rules and schedule: the default language's, else the oldest one."""
    default = Locale.get_default().pk
    return min(live, key=lambda page: (page.locale_id != default, page.pk), default=None)


def _write_activity(activity, key, owner, public, error, done) -> Activity:
    if owner is None:
        wanted = {
            "live": False,
            "public": False,
            "retired_at": activity.retired_at or clock.now(),
            "compile_error": "",
        }
    else:
        wanted = {
            "kind": owner.lms_kind,
            "title": owner.title,
            "site": owner.get_site(),
            "live": True,
            "public": public,
            "retired_at": None,
            "compile_error": error,
        }
    if activity is None:
        done.changes += 1
        return Activity.objects.create(translation_key=key, **wanted)
    different = [name for name, value in wanted.items() if getattr(activity, name) != value]
    if different:
        for name in different:
            setattr(activity, name, wanted[name])
        activity.save(update_fields=[*different, "updated_at"])
        done.changes += 1
    return activity


def _write_pages(activity, pages, owner, public, done) -> None:
    rows = {row.locale_id: row for row in activity.pages.all()}
    wanted = {}
    for page in pages:
        if page.live or page.locale_id in rows:
            is_owner = owner is not None and page.pk == owner.pk
            title = page.title if page.live else rows[page.locale_id].title
            wanted[page.locale_id] = (page.pk, title, page.live, page.pk in public, is_owner)
    # A page that is gone leaves its row, title and language behind; the database has set its page to null.
    changed = []
    for locale_id, row in rows.items():
        target = wanted.pop(locale_id, (None, row.title, False, False, False))
        if (row.page_id, row.title, row.live, row.public, row.owner) != target:
            row.page_id, row.title, row.live, row.public, row.owner = target
            changed.append(row)
    # Ownership is given up before it is passed on: one owner at a time is a constraint.
    for row in sorted(changed, key=lambda row: row.owner):
        row.save()
    for locale_id, (page_id, title, live, is_public, is_owner) in wanted.items():
        ActivityPage.objects.create(
            activity=activity,
            locale_id=locale_id,
            page_id=page_id,
            title=title,
            live=live,
            public=is_public,
            owner=is_owner,
        )
        changed.append(None)
    done.changes += len(changed)


def _compile_missing(key: uuid.UUID) -> Activity | None:
    return compile_activity(key).activity
