"""What a course is found by: topics, level, hours. Chosen on the owner page, compiled into the activity."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField

from lms.catalogue.models import Activity


class Classified(models.Model):
    """Mixin for page types of courses: ``class CoursePage(CourseMixin, Classified, Page)``."""

    #: Add them to ``lms_owner_fields`` of the page type.
    lms_classified_fields: ClassVar[tuple[str, ...]] = ("topics", "level", "hours")

    topics = ParentalManyToManyField("lms.Topic", verbose_name=_("topics"), blank=True, related_name="+")
    level = models.ForeignKey(
        "lms.Level",
        verbose_name=_("level"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    hours = models.DecimalField(
        _("hours"),
        max_digits=5,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("How long it takes in all, with live sessions and tasks. Half hours are fine."),
    )

    class Meta:
        abstract = True


def classify(activity: Activity, page: Any) -> int:
    """Write what an owner page says its activity is found by; return how many things changed.

    Args:
        activity: to be written.
        page: its owner page, as live now; one that is not ``Classified`` has nothing to say.
    """
    if not isinstance(page, Classified):
        return 0
    changes = 0
    wanted = {"level_id": page.level_id, "hours": page.hours}
    different = {name: value for name, value in wanted.items() if getattr(activity, name) != value}
    if different:
        Activity.objects.filter(pk=activity.pk).update(**different)
        for name, value in different.items():
            setattr(activity, name, value)
        changes += len(different)
    topics = {topic.pk for topic in page.topics.all()}
    if topics != set(activity.topics.values_list("pk", flat=True)):
        activity.topics.set(topics)
        changes += 1
    return changes
