"""Base models, and the page cache's generation, which must be a row because a local memory cache is per process."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.core.public_ids import PUBLIC_ID_LENGTH, new_public_id


class TimeStamped(models.Model):
    """When a row was made and last saved (UTC)."""

    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)

    class Meta:
        abstract = True


class PublicId(models.Model):
    """A random identifier for addresses and programs outside; the integer key never leaves the house."""

    public_id = models.CharField(
        _("public id"), max_length=PUBLIC_ID_LENGTH, unique=True, default=new_public_id, editable=False
    )

    class Meta:
        abstract = True


class PageCacheGeneration(models.Model):
    """One row whose number rises whenever something public changes; part of every page cache key."""

    number = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="lms_one_page_cache_generation")]

    def __str__(self) -> str:
        return str(self.number)
