"""Page types of the academy that Kelas does not bring."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, Site
from wagtail.search import index

from academy.home.context import curricula, next_sessions
from lms.core.public_pages import ServedPublicly
from lms.pages.blocks import lesson_blocks
from lms.pages.body import body_context
from lms.pages.context import place_context
from lms.pages.line import InOneLine


class PlacedPage(ServedPublicly, InOneLine, Page):
    """A page of the academy inside the same frame as Kelas's pages."""

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add what stands around every page."""
        return super().get_context(request, *args, **kwargs) | place_context(self, request)


class StepBlock(blocks.StructBlock):
    """One of the steps that lead from looking on to a certificate."""

    title = blocks.CharBlock(label=_("title"))
    text = blocks.TextBlock(label=_("text"), rows=3)

    class Meta:
        icon = "list-ol"
        label = _("Step")


class HomePage(PlacedPage):
    """The first page: what the academy is for, what comes next, what can be learnt."""

    heading = models.CharField(_("heading"), max_length=120)
    intro = models.TextField(_("introduction"), max_length=400)
    steps_title = models.CharField(_("heading of the steps"), max_length=120, blank=True)
    steps = StreamField([("step", StepBlock())], verbose_name=_("steps"), blank=True)
    partner_title = models.CharField(_("heading for partners"), max_length=120, blank=True)
    partner_text = models.TextField(_("text for partners"), max_length=400, blank=True)
    partner_page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("page for partners"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    template = "home/home_page.html"
    max_count_per_parent = 1
    subpage_types = ["lms_pages.CurriculumPage", "home.PlainPage"]
    content_panels = [
        *Page.content_panels,
        FieldPanel("heading"),
        FieldPanel("intro"),
        MultiFieldPanel([FieldPanel("steps_title"), FieldPanel("steps")], heading=_("How it works")),
        MultiFieldPanel(
            [FieldPanel("partner_title"), FieldPanel("partner_text"), FieldPanel("partner_page")],
            heading=_("For partners"),
        ),
    ]
    search_fields = [*Page.search_fields, index.SearchField("heading"), index.SearchField("intro")]

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def partner_url(self, request: HttpRequest) -> str:
        """Return the address of the page for partners, in this page's language where it is translated; else nothing."""
        if self.partner_page_id is None:
            return ""
        pages = Page.objects.live().filter(translation_key=self.partner_page.translation_key)
        page = pages.filter(locale_id=self.locale_id).first() or pages.first()
        return (page.get_url(request) if page else "") or ""

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add what can be learnt, and the sessions that come next."""
        context = super().get_context(request, *args, **kwargs)
        language = self.locale.language_code
        site = Site.find_for_request(request)
        context["curricula"] = curricula(self, language=language, request=request)
        context["next_sessions"] = next_sessions(site, language=language, request=request)
        context["meta_description"] = self.search_description or self.intro
        context["partner_url"] = self.partner_url(request)
        return context


class PlainPage(PlacedPage):
    """A page with words: privacy, partners, about us."""

    summary = models.TextField(_("summary"), blank=True, max_length=500)
    body = StreamField(lesson_blocks(), verbose_name=_("content"), blank=True)

    template = "home/plain_page.html"
    subpage_types: list[str] = []
    content_panels = [*Page.content_panels, FieldPanel("summary"), FieldPanel("body")]
    promote_panels = [*Page.promote_panels]
    search_fields = [*Page.search_fields, index.SearchField("summary"), index.SearchField("body")]

    class Meta:
        verbose_name = _("plain page")
        verbose_name_plural = _("plain pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add what the words need around them."""
        return super().get_context(request, *args, **kwargs) | body_context(self, request)


class SharePicture(models.Model):
    """What messengers show beside a link to a page. Drawn by the worker; without one they show the academy's own picture.

    ``good_until``: when it is to be drawn again, because the date on it has passed; empty for what has no date.
    """

    page = models.OneToOneField("wagtailcore.Page", on_delete=models.CASCADE, related_name="share_picture")
    file = models.CharField(_("file"), max_length=200, blank=True)
    digest = models.CharField(_("digest of what it says"), max_length=64)
    drawn_at = models.DateTimeField(_("drawn at"))
    good_until = models.DateTimeField(_("good until"), null=True, blank=True)

    class Meta:
        verbose_name = _("picture of a page")
        verbose_name_plural = _("pictures of pages")

    def __str__(self) -> str:
        return self.file or self.digest[:8]
