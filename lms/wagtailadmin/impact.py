"""Before a change of rules is published: whom it touches, and how. The draft is saved; publishing is asked for once more."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail import hooks
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.models import Revision

from lms.catalogue.parts import outlines_with
from lms.core.base_page import base_page
from lms.core.not_found import stays_not_found
from lms.progress.impact import Impact, impact_of


def impacts_of(page: Any) -> list[tuple[str, Impact]]:
    """Return the title of each outline that publishing a draft would change for somebody, and how."""
    found = []
    for outline in outlines_with(page):
        impact = impact_of(activity_id=outline.activity.pk, parts=outline.parts, outline_rules=outline.rules)
        if impact is not None and impact.touched:
            found.append((outline.activity.title, impact))
    return found


def sentences(impact: Impact) -> list[str]:
    """Return what publishing would do, one sentence for each way in which learners are touched."""
    found = []
    if impact.completing:
        found.append(
            ngettext(
                "%(count)s learner completes it at once.",
                "%(count)s learners complete it at once.",
                impact.completing,
            )
            % {"count": impact.completing}
        )
    if impact.gaining:
        found.append(
            ngettext(
                "%(count)s learner is further along than before.",
                "%(count)s learners are further along than before.",
                impact.gaining,
            )
            % {"count": impact.gaining}
        )
    if impact.losing:
        found.append(
            ngettext(
                "%(count)s learner has more left to do than before.",
                "%(count)s learners have more left to do than before.",
                impact.losing,
            )
            % {"count": impact.losing}
        )
    if impact.closing:
        found.append(
            ngettext(
                "For %(count)s learner a part closes that is open now.",
                "For %(count)s learners a part closes that is open now.",
                impact.closing,
            )
            % {"count": impact.closing}
        )
    if impact.opening:
        found.append(
            ngettext(
                "For %(count)s learner a part opens that is closed now.",
                "For %(count)s learners a part opens that is closed now.",
                impact.opening,
            )
            % {"count": impact.opening}
        )
    return found


def ask_before_publishing(request: HttpRequest, page: Any) -> HttpResponse | None:
    """Lead to the question when publishing would touch somebody. Wagtail has saved the draft already."""
    if not impacts_of(page):
        return None
    revision = page.get_latest_revision()
    if revision is None:
        return None
    messages.warning(
        request, _("“%(title)s” is saved as a draft and not published yet.") % {"title": page.title}
    )
    return HttpResponseRedirect(reverse("lms_impact", args=[page.pk, revision.pk]))


class ImpactView(WagtailAdminTemplateMixin, TemplateView):
    """Shows whom publishing a draft touches; a POST publishes it."""

    template_name = "lms/wagtailadmin/impact/ask.html"
    page_title = gettext_lazy("Publish this change?")
    header_icon = "group"
    _show_breadcrumbs = True

    @cached_property
    def draft(self) -> Any:
        """The page as drafted. Only whoever may publish it gets here, and only while the draft is the latest."""
        page = get_object_or_404(base_page(), pk=self.kwargs["page_id"])
        if not page.permissions_for_user(self.request.user).can_publish():
            raise Http404
        return self.revision.as_object()

    @cached_property
    def revision(self) -> Revision:
        """The draft of the address."""
        found = get_object_or_404(Revision, pk=self.kwargs["revision_id"])
        if str(found.object_id) != str(self.kwargs["page_id"]) or not found.is_latest_revision():
            raise Http404
        if not isinstance(found.as_object(), base_page()):
            raise Http404
        return found

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask."""
        self.draft  # noqa: B018 -- refuses before anything is shown
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Publish, as Wagtail does after its own form."""
        draft = self.draft
        PublishPageRevisionAction(self.revision, user=request.user).execute()
        page = type(draft).objects.get(pk=draft.pk)
        messages.success(request, _("“%(title)s” is published.") % {"title": page.get_admin_display_title()})
        for hook in hooks.get_hooks("after_publish_page"):
            answer = hook(request, page)
            if isinstance(answer, HttpResponse):
                return answer
        return HttpResponseRedirect(reverse("wagtailadmin_pages:edit", args=[page.pk]))

    def get_page_subtitle(self) -> str:
        """Name the page."""
        return self.draft.get_admin_display_title()

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """Lead back to the page."""
        back = {
            "url": reverse("wagtailadmin_pages:edit", args=[self.draft.pk]),
            "label": self.draft.get_admin_display_title(),
        }
        return [*self.breadcrumbs_items, back, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add what would happen to whom."""
        found = [
            {"title": title, "impact": impact, "sentences": sentences(impact)}
            for title, impact in impacts_of(self.draft)
        ]
        return super().get_context_data(**kwargs) | {
            "found": found,
            "later": self.draft.go_live_at,
            "edit_url": reverse("wagtailadmin_pages:edit", args=[self.draft.pk]),
        }


urlpatterns: list[URLPattern] = [
    path(
        "lms/impact/<int:page_id>/<int:revision_id>/",
        stays_not_found(ImpactView.as_view()),
        name="lms_impact",
    ),
]
