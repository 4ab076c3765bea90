"""Background work of the page types. Thin."""

from __future__ import annotations

from django_tasks import task

from lms.pages import drawing


@task()
def draw_pictures(page_id: int) -> int:
    """Draw the pictures of a page that was published."""
    return drawing.draw(page_id)
