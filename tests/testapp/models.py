"""A host's own page types on the mixins, to prove that lms.pages is optional."""

import datetime as dt

from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.models import Orderable, Page

from lms.assessment.mixins import QuizMixin
from lms.catalogue.mixins import CourseMixin, LessonMixin
from lms.webinars.fields import RecurrenceRuleField


class HostCoursePage(CourseMixin, Page):
    """A course page type of a host's own."""


class HostLessonPage(LessonMixin, Page):
    """A lesson page type of a host's own, with a field that Kelas knows nothing about."""

    mood = models.CharField(max_length=20, blank=True)


class HostQuizPage(QuizMixin, Page):
    """A quiz page type of a host's own."""


class HostTimetablePage(Page):
    """A host's own page with several recurrence rules, edited in an InlinePanel."""

    content_panels = [*Page.content_panels, InlinePanel("timetables", label="Timetable")]


class HostTimetable(Orderable):
    """One row of that panel."""

    page = ParentalKey(HostTimetablePage, on_delete=models.CASCADE, related_name="timetables")
    start_date = models.DateField()
    start_time = models.TimeField(default=dt.time(6))
    duration_minutes = models.PositiveSmallIntegerField(default=90)
    zone = models.CharField(max_length=64, default="Asia/Makassar")
    recurrence = RecurrenceRuleField(blank=True, default="")

    panels = [
        FieldPanel("start_date"),
        FieldPanel("start_time"),
        FieldPanel("duration_minutes"),
        FieldPanel("zone"),
        FieldPanel("recurrence"),
    ]
