"""Ready-made page types on the mixins. Only words and panels live here; rules live in the areas."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, TabbedInterface
from wagtail.fields import StreamField
from wagtail.models import Page, PageViewRestriction
from wagtail.search import index

from lms.assessment.mixins import QuizMixin
from lms.catalogue.classified import Classified
from lms.catalogue.mixins import CourseMixin, CurriculumMixin, LessonMixin, ModuleMixin
from lms.core.public_pages import ServedPublicly
from lms.pages.blocks import audience_blocks, lesson_blocks, outcome_blocks, speaker_blocks
from lms.pages.body import body_context
from lms.pages.context import (
    course_context,
    curriculum_context,
    lesson_context,
    module_context,
    place_context,
    webinar_context,
)
from lms.pages.field_help import described
from lms.pages.line import InOneLine
from lms.pages.panels import FinishingPanel
from lms.pages.parts_panel import PartsPanel
from lms.pages.place import pages_above
from lms.pages.quiz import quiz_context
from lms.wagtailadmin.checks.panel import ChecksPanel
from lms.wagtailadmin.page_forms import ActivityPageForm
from lms.wagtailadmin.panels import OwnerFieldPanel, SchedulePanel, Tab
from lms.webinars.mixins import WebinarSeriesMixin


class PublicPage(ServedPublicly, InOneLine, Page):
    """A page that is the same for every visitor, with words that teach."""

    base_form_class = ActivityPageForm

    body = StreamField(lesson_blocks(), verbose_name=_("content"), blank=True)

    class Meta:
        abstract = True

    search_fields = [*Page.search_fields, index.SearchField("summary"), index.SearchField("body")]

    def lms_withdrawn_above(self) -> bool:
        """Say whether a page above this one is not published; no query where the way to it is known."""
        return not all(each.live for each in pages_above(self))

    def get_view_restrictions(self) -> QuerySet[PageViewRestriction]:
        """Return them, fetched once: Wagtail, the page cache and the content ask one after the other."""
        known = self.__dict__.get("_lms_restrictions")
        if known is None or known[0] != self.path:
            known = self._lms_restrictions = (self.path, super().get_view_restrictions())
        return known[1]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add what stands around every page (where it is, its translations, its colour) and what its content needs."""
        return (
            super().get_context(request, *args, **kwargs)
            | place_context(self, request)
            | body_context(self, request)
        )


class WithOutcomes(models.Model):
    """A page that says what people will be able to do afterwards."""

    outcomes = StreamField(
        outcome_blocks(),
        verbose_name=_("what you will be able to do"),
        blank=True,
        help_text=_("One ability each, beginning with a verb: “Take product photos by a window.”"),
    )

    class Meta:
        abstract = True


def tabs(content: list[Any], rules: list[Any]) -> TabbedInterface:
    """Return the edit form of our page types: words first, then rules and dates, then search engines."""
    return TabbedInterface(
        [
            Tab(
                [ChecksPanel(), *Page.content_panels, FieldPanel("summary"), *described(content)],
                heading=_("Content"),
                name="content",
            ),
            Tab(described(rules), heading=_("Rules and dates"), name="rules_and_dates"),
            Tab(Page.promote_panels, heading=_("Promote"), name="promote"),
            Tab(Page.settings_panels, heading=_("Settings"), name="settings"),
        ]
    )


def opening_panel() -> MultiFieldPanel:
    """Return the panel of what may open later than the course."""
    return MultiFieldPanel(
        [OwnerFieldPanel("opens_on"), OwnerFieldPanel("opens_after_days")], heading=_("When it opens")
    )


class Accent(models.TextChoices):
    """Colours that a curriculum may have. Each is drawn for light and dark in kelas.css, with enough contrast."""

    LEAF = "leaf", _("Leaf green")
    CLAY = "clay", _("Terracotta")
    INDIGO = "indigo", _("Indigo")
    PLUM = "plum", _("Plum")


class CurriculumPage(CurriculumMixin, PublicPage):
    """A set of courses and webinar series, such as digital marketing."""

    accent = models.CharField(
        _("colour"),
        max_length=10,
        choices=Accent.choices,
        default=Accent.LEAF,
        help_text=_("Of this page and everything below it."),
    )

    page_description = _("Courses and webinar series about one subject.")
    admin_default_ordering = "ord"
    template = "lms/pages/curriculum_page.html"
    subpage_types = ["lms_pages.CoursePage", "lms_pages.WebinarSeriesPage"]
    edit_handler = tabs([FieldPanel("accent"), FieldPanel("body")], [OwnerFieldPanel("certificate_design")])

    class Meta:
        verbose_name = _("curriculum page")
        verbose_name_plural = _("curriculum pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the courses and the next sessions of this curriculum."""
        return super().get_context(request, *args, **kwargs) | curriculum_context(self, request)


class CoursePage(CourseMixin, Classified, WithOutcomes, PublicPage):
    """A course: its outline is what stands below it."""

    lms_owner_fields = (*CourseMixin.lms_owner_fields, *Classified.lms_classified_fields)  # type: ignore[assignment]

    audience = StreamField(
        audience_blocks(),
        verbose_name=_("for whom"),
        blank=True,
        help_text=_("One kind of person each: “You sell at a market and want to sell by phone.”"),
    )

    page_description = _("What is learnt step by step: modules, lessons, quizzes.")
    admin_default_ordering = "ord"
    template = "lms/pages/course_page.html"
    parent_page_types = None
    subpage_types = [
        "lms_pages.ModulePage",
        "lms_pages.LessonPage",
        "lms_pages.QuizPage",
        "lms_pages.WebinarSeriesPage",
    ]
    edit_handler = tabs(
        [
            FieldPanel("outcomes"),
            FieldPanel("audience"),
            MultiFieldPanel(
                [
                    OwnerFieldPanel("hours"),
                    OwnerFieldPanel("level", widget=forms.Select),
                    OwnerFieldPanel("topics", widget=forms.CheckboxSelectMultiple),
                ],
                heading=_("Found by"),
            ),
            FieldPanel("body"),
            PartsPanel(),
        ],
        [
            FinishingPanel(),
            MultiFieldPanel(
                [
                    OwnerFieldPanel("needed"),
                    OwnerFieldPanel("sequential"),
                    OwnerFieldPanel("certificate_design"),
                ],
                heading=_("Completion"),
            ),
            MultiFieldPanel(
                [
                    OwnerFieldPanel("enrolment_mode"),
                    OwnerFieldPanel("valid_months"),
                    OwnerFieldPanel("prerequisites"),
                ],
                heading=_("Who may start"),
            ),
            MultiFieldPanel([OwnerFieldPanel("required")], heading=_("In the curriculum above")),
        ],
    )

    class Meta:
        verbose_name = _("course page")
        verbose_name_plural = _("course pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the outline and how to finish it."""
        return super().get_context(request, *args, **kwargs) | course_context(self, request)


class ModulePage(ModuleMixin, PublicPage):
    """A part of a course that groups lessons."""

    page_description = _("A part of a course that groups lessons.")
    admin_default_ordering = "ord"
    template = "lms/pages/module_page.html"
    parent_page_types = ["lms_pages.CoursePage"]
    subpage_types = ["lms_pages.LessonPage", "lms_pages.QuizPage", "lms_pages.WebinarSeriesPage"]
    edit_handler = tabs(
        [FieldPanel("body"), PartsPanel()],
        [
            FinishingPanel(),
            MultiFieldPanel(
                [OwnerFieldPanel("required"), OwnerFieldPanel("needed")], heading=_("Completion")
            ),
            opening_panel(),
        ],
    )

    class Meta:
        verbose_name = _("module page")
        verbose_name_plural = _("module pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the place in the course, and what this part of it holds."""
        return super().get_context(request, *args, **kwargs) | module_context(self, request)


class LessonPage(LessonMixin, PublicPage):
    """Something to read, watch and try."""

    page_description = _("Something to read, watch and try. A learner marks it as done.")
    template = "lms/pages/lesson_page.html"
    parent_page_types = ["lms_pages.CoursePage", "lms_pages.ModulePage"]
    subpage_types: list[str] = []
    edit_handler = tabs(
        [FieldPanel("body")],
        [
            FinishingPanel(),
            MultiFieldPanel(
                [OwnerFieldPanel("required"), OwnerFieldPanel("min_minutes")], heading=_("Completion")
            ),
            MultiFieldPanel(
                [OwnerFieldPanel("recording_minutes"), OwnerFieldPanel("watch_percent")],
                heading=_("Recording"),
            ),
            opening_panel(),
        ],
    )

    class Meta:
        verbose_name = _("lesson page")
        verbose_name_plural = _("lesson pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the place in the course: what comes before and after."""
        return super().get_context(request, *args, **kwargs) | lesson_context(self, request)

    def lms_lesson_html(
        self, request: HttpRequest, *, document_url: Callable[[Any], str] | None = None
    ) -> SafeString:
        """Return the content of the lesson for a learner's room. No title: the room has one.

        Args:
            request: for addresses.
            document_url: gives the address of each file in it; None for the public ones.
        """
        context = {"page": self, "request": request, "document_url": document_url}
        return render_to_string("lms/pages/_lesson_body.html", context | body_context(self, request))


class QuizPage(QuizMixin, PublicPage):
    """Questions about what was learnt. It is answered on the learner's personal page."""

    page_description = _("Questions with a pass mark.")
    template = "lms/pages/quiz_page.html"
    parent_page_types = ["lms_pages.CoursePage", "lms_pages.ModulePage"]
    subpage_types: list[str] = []
    edit_handler = tabs(
        [
            FieldPanel("body", heading=_("Words before the questions")),
            OwnerFieldPanel(
                "questions",
                help_text=_(
                    "In this order. Choose questions or write new ones; a draw gives each attempt other questions of its bank."
                ),
            ),
        ],
        [
            FinishingPanel(),
            MultiFieldPanel(
                [
                    OwnerFieldPanel("pass_mark"),
                    OwnerFieldPanel("counted_attempt"),
                    OwnerFieldPanel("required"),
                ],
                heading=_("Completion"),
            ),
            MultiFieldPanel(
                [
                    OwnerFieldPanel("attempts_allowed"),
                    OwnerFieldPanel("cooling_minutes"),
                    OwnerFieldPanel("time_limit_minutes"),
                    OwnerFieldPanel("grace_seconds"),
                    OwnerFieldPanel("shuffle_options"),
                ],
                heading=_("Attempts"),
            ),
            MultiFieldPanel(
                [OwnerFieldPanel("show_results"), OwnerFieldPanel("show_right_answers")],
                heading=_("Results"),
            ),
            opening_panel(),
        ],
    )

    class Meta:
        verbose_name = _("quiz page")
        verbose_name_plural = _("quiz pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the place in the course, and the rules of the quiz in words."""
        return super().get_context(request, *args, **kwargs) | quiz_context(self, request)


class WebinarSeriesPage(WebinarSeriesMixin, WithOutcomes, PublicPage):
    """A series of live sessions."""

    speakers = StreamField(speaker_blocks(), verbose_name=_("who speaks"), blank=True)

    page_description = _("Live sessions on dates, such as every Tuesday at six.")
    template = "lms/pages/webinar_series_page.html"
    subpage_types: list[str] = []
    edit_handler = tabs(
        [FieldPanel("outcomes"), FieldPanel("speakers"), FieldPanel("body")],
        [
            SchedulePanel(
                [
                    OwnerFieldPanel("start_date"),
                    OwnerFieldPanel("start_time"),
                    OwnerFieldPanel("duration_minutes"),
                    OwnerFieldPanel("zone"),
                    OwnerFieldPanel("recurrence"),
                ],
                heading=_("Dates"),
            ),
            MultiFieldPanel(
                [
                    OwnerFieldPanel("join_url"),
                    OwnerFieldPanel("capacity"),
                    OwnerFieldPanel("organiser_name"),
                    OwnerFieldPanel("organiser_email"),
                ],
                heading=_("Meeting"),
            ),
            MultiFieldPanel(
                [
                    OwnerFieldPanel("attend_percent"),
                    OwnerFieldPanel("needed"),
                    OwnerFieldPanel("required"),
                    OwnerFieldPanel("certificate_design"),
                ],
                heading=_("Completion"),
            ),
            FinishingPanel(),
        ],
    )

    class Meta:
        verbose_name = _("webinar series page")
        verbose_name_plural = _("webinar series pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the sessions to come and those that were."""
        return super().get_context(request, *args, **kwargs) | webinar_context(self, request)
