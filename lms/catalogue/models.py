"""Compiled rows of what can be learnt. Identity is the activity; pages come, go, move and are translated."""

from __future__ import annotations

import uuid

import swapper
from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lms.core.models import TimeStamped


class TermManager(models.Manager["Term"]):
    """Finds a term by what fixtures call it."""

    def get_by_natural_key(self, slug: str) -> Term:
        """Return the term of that short name."""
        return self.get(slug=slug)


class Term(models.Model):
    """A word that courses are found by, with a title in each language: ``{"id": "Pembayaran", "en": "Payments"}``."""

    slug = models.SlugField(
        _("short name"),
        max_length=60,
        unique=True,
        help_text=_("Used in addresses and files; it stays when titles change."),
    )
    titles = models.JSONField(_("title"), default=dict)
    position = models.PositiveSmallIntegerField(
        _("position"), default=0, help_text=_("Lower ones come first.")
    )

    objects = TermManager()

    class Meta:
        abstract = True
        ordering = ["position", "slug"]

    def __str__(self) -> str:
        return self.title

    def natural_key(self) -> tuple[str]:
        """Return what fixtures call it."""
        return (self.slug,)

    @property
    def title(self) -> str:
        """The title in the language that is active."""
        return self.title_in(get_language() or settings.LANGUAGE_CODE)

    def title_in(self, language: str) -> str:
        """Return the title in a language, else in the site's, else any, else the short name.

        Args:
            language: code, such as ``id``.
        """
        wanted = (language, settings.LANGUAGE_CODE, *self.titles)
        return next((self.titles[code] for code in wanted if self.titles.get(code)), self.slug)


class Topic(Term):
    """What a course is about, such as payments."""

    class Meta(Term.Meta):
        verbose_name = _("topic")
        verbose_name_plural = _("topics")


class Level(Term):
    """How much somebody should know already, such as for beginners."""

    class Meta(Term.Meta):
        verbose_name = _("level")
        verbose_name_plural = _("levels")


class Activity(TimeStamped):
    """Something that can be learnt or done, with one identity for all translations (xAPI: Activity).

    ``translation_key`` is that of the page at the end of the alias chain; null for what is no page (an occurrence).
    """

    key = models.UUIDField(_("key"), unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=30)
    translation_key = models.UUIDField(_("translation key"), null=True, blank=True, unique=True)
    site = models.ForeignKey(
        "wagtailcore.Site", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    title = models.CharField(_("title"), max_length=255)
    live = models.BooleanField(_("live"), default=False)
    public = models.BooleanField(
        _("public"), default=False, help_text=_("Live and without a view restriction.")
    )
    retired_at = models.DateTimeField(_("retired at"), null=True, blank=True)
    compiled_at = models.DateTimeField(_("compiled at"), null=True, blank=True)
    compile_error = models.TextField(_("compile error"), blank=True)
    level = models.ForeignKey(
        Level, verbose_name=_("level"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    topics = models.ManyToManyField(Topic, verbose_name=_("topics"), blank=True, related_name="activities")
    hours = models.DecimalField(_("hours"), max_digits=5, decimal_places=1, null=True, blank=True)

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(live=True) | models.Q(public=False), name="lms_public_activity_is_live"
            )
        ]
        indexes = [models.Index(fields=["kind", "live"], name="lms_activity_kind_live")]

    def __str__(self) -> str:
        return self.title


class ActivityPage(models.Model):
    """The page of an activity in one language. The owner page holds rules and schedule."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="pages")
    locale = models.ForeignKey("wagtailcore.Locale", on_delete=models.CASCADE, related_name="+")
    page = models.ForeignKey(
        swapper.get_model_name("wagtailcore", "Page"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="lms_activity_pages",
    )
    title = models.CharField(_("title"), max_length=255)
    live = models.BooleanField(_("live"), default=False)
    public = models.BooleanField(_("public"), default=False)
    owner = models.BooleanField(_("owner"), default=False)

    class Meta:
        verbose_name = _("page of an activity")
        verbose_name_plural = _("pages of activities")
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "locale"], name="lms_one_page_per_activity_and_locale"
            ),
            models.UniqueConstraint(
                fields=["activity"], condition=models.Q(owner=True), name="lms_one_owner_page_per_activity"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class OutlineVersion(models.Model):
    """What an activity consisted of, and the rules to complete it, from one moment to the next. Never changed.

    ``rules`` is plain JSON that ``lms.progress.rules`` reads: ``needed`` (k of n required items, else all), ``order``
    (``"sequential"``, else free), ``prerequisites`` (translation keys of what is to be completed before).
    """

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="outline_versions")
    number = models.PositiveIntegerField(_("number"))
    rules = models.JSONField(_("rules"), default=dict, blank=True)
    fingerprint = models.CharField(_("fingerprint"), max_length=64)
    started_at = models.DateTimeField(_("in force from"))
    ended_at = models.DateTimeField(_("in force until"), null=True, blank=True)

    class Meta:
        verbose_name = _("version of an outline")
        verbose_name_plural = _("versions of outlines")
        ordering = ["activity", "number"]
        constraints = [
            models.UniqueConstraint(fields=["activity", "number"], name="lms_outline_version_number"),
            models.UniqueConstraint(
                fields=["activity"], condition=models.Q(ended_at__isnull=True), name="lms_one_current_outline"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True) | models.Q(ended_at__gte=models.F("started_at")),
                name="lms_outline_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity_id} v{self.number}"


class OutlineItem(models.Model):
    """One thing in an outline: a module that groups, or something to do."""

    version = models.ForeignKey(OutlineVersion, on_delete=models.CASCADE, related_name="items")
    activity = models.ForeignKey(Activity, on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="children"
    )
    position = models.PositiveIntegerField(_("position"))
    required = models.BooleanField(_("required"), default=True)
    group = models.BooleanField(_("only groups"), default=False)
    rule = models.JSONField(
        _("rule"), default=dict, blank=True, help_text=_("For example {'min_seconds': 3780} for a session.")
    )

    class Meta:
        verbose_name = _("part of an outline")
        verbose_name_plural = _("parts of outlines")
        ordering = ["version", "position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "activity"], name="lms_outline_item_once"),
            models.UniqueConstraint(fields=["version", "position"], name="lms_outline_item_position"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id}:{self.position}"
