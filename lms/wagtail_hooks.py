"""Wiring of the Wagtail admin. It registers what ``lms.wagtailadmin`` defines and thinks nothing itself."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import URLPattern
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.snippets.models import register_snippet

from lms.learner.views import documents, public

# Importing it makes it the widget of every recurrence rule in the admin.
from lms.wagtailadmin import (
    assessment,
    assessment_questions,
    attendance,
    certificate_designs,
    certificates,
    cohorts,
    dashboard,
    enrolment,
    enrolment_log,
    enrolment_many,
    impact,
    outbox,
    partners,
    people_search,
    recurrence_widget,  # noqa: F401
    results,
    schedule,
    schedule_panels,
    taxonomy,
)
from lms.wagtailadmin.attendance_log import register_actions
from lms.wagtailadmin.recurrence_views import urlpatterns_recurrence


@hooks.register("register_admin_urls")
def recurrence_urls() -> list[URLPattern]:
    """Serve what the recurrence editor shows."""
    return urlpatterns_recurrence


@hooks.register("register_admin_urls")
def attendance_urls() -> list[URLPattern]:
    """Serve the screens of attendance."""
    return attendance.urlpatterns


@hooks.register("register_log_actions")
def attendance_log_actions(registry: object) -> None:
    """Let Wagtail's log name what people did with attendance reports."""
    register_actions(registry)


@hooks.register("register_admin_urls")
def assessment_urls() -> list[URLPattern]:
    """Serve quizzes, what waits for a grader, and figures."""
    return assessment.urlpatterns


@hooks.register("register_admin_menu_item")
def quizzes_menu() -> assessment.QuizzesMenuItem:
    """Show quizzes in the menu."""
    return assessment.QuizzesMenuItem()


register_snippet(assessment_questions.QuestionsGroup)
hooks.register("register_page_header_buttons", assessment.page_buttons)
hooks.register("register_page_listing_more_buttons", assessment.page_buttons)


@hooks.register("register_admin_urls")
def certificate_urls() -> list[URLPattern]:
    """Serve the screens of certificates."""
    return certificates.urlpatterns


@hooks.register("register_admin_viewset")
def certificate_viewsets() -> certificate_designs.CertificatesGroup:
    """Serve designs and issuers."""
    return certificate_designs.CertificatesGroup()


@hooks.register("register_admin_menu_item")
def certificates_menu() -> certificates.CertificatesMenuItem:
    """Show issued certificates in the menu."""
    return certificates.CertificatesMenuItem()


@hooks.register("register_admin_viewset")
def partner_viewsets() -> partners.PartnersGroup:
    """Serve partners and their calendars."""
    return partners.PartnersGroup()


@hooks.register("register_admin_viewset")
def taxonomy_viewsets() -> taxonomy.TaxonomyGroup:
    """Serve topics and levels."""
    return taxonomy.TaxonomyGroup()


@hooks.register("register_admin_urls")
def schedule_urls() -> list[URLPattern]:
    """Serve series, sessions and proposed changes."""
    return schedule.urlpatterns


@hooks.register("register_admin_menu_item")
def webinars_menu() -> schedule_panels.WebinarsMenuItem:
    """Show webinars in the menu."""
    return schedule_panels.WebinarsMenuItem()


@hooks.register("construct_homepage_panels")
def on_dashboard(request: HttpRequest, panels: list[Component]) -> None:
    """Show on the admin's home what needs a person, what is next and what changed."""
    panels += [
        dashboard.DutiesPanel(),
        dashboard.ComingPanel(),
        people_search.FindPersonPanel(),
        dashboard.ChangedPanel(),
    ]


@hooks.register("register_admin_urls")
def people_urls() -> list[URLPattern]:
    """Serve the search for people."""
    return people_search.urlpatterns


@hooks.register("register_admin_menu_item")
def people_menu() -> people_search.PeopleMenuItem:
    """Show people in the menu."""
    return people_search.menu_item()


@hooks.register("register_admin_search_area")
def people_search_area() -> people_search.PeopleSearchArea:
    """Offer people where Wagtail searches."""
    return people_search.search_area()


@hooks.register("register_admin_urls")
def outbox_urls() -> list[URLPattern]:
    """Serve messages that could not be sent."""
    return outbox.urlpatterns


@hooks.register("register_admin_urls")
def impact_urls() -> list[URLPattern]:
    """Serve the question before a change of rules is published."""
    return impact.urlpatterns


hooks.register("before_publish_page", impact.ask_before_publishing)


@hooks.register("register_admin_urls")
def course_urls() -> list[URLPattern]:
    """Serve the people, cohorts and results of courses."""
    # Addresses without a course's key come first.
    return [
        *enrolment_many.urlpatterns,
        *enrolment.urlpatterns,
        *cohorts.urlpatterns,
        *results.urlpatterns,
    ]


hooks.register("register_log_actions", enrolment_log.register_actions)


@hooks.register("register_admin_menu_item")
def courses_menu() -> enrolment.CoursesMenuItem:
    """Show courses in the menu."""
    return enrolment.CoursesMenuItem()


hooks.register("register_page_header_buttons", enrolment.header_buttons)
hooks.register("register_page_listing_more_buttons", enrolment.listing_buttons)
hooks.register("register_page_header_buttons", schedule_panels.header_buttons)
hooks.register("register_page_listing_more_buttons", schedule_panels.listing_buttons)
hooks.register("after_publish_page", schedule_panels.tell_after_publishing)
hooks.register("after_unpublish_page", schedule_panels.tell_after_taking_down)
hooks.register("after_delete_page", schedule_panels.tell_after_taking_down)
# After Wagtail's own restrictions, so that nobody reads a title that they may not see.
hooks.register("on_serve_page", public.keep_closed, order=100)
hooks.register("before_serve_document", documents.keep_closed, order=100)
