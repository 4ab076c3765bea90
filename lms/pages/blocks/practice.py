"""Blocks to think with and to do: steps, examples, questions, tasks, checklists, words to copy."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from lms.pages.blocks.base import PRACTICE, TeachingBlock, paragraph, rich_text


class StepsBlock(TeachingBlock):
    """What to do, one step after the other."""

    title = blocks.CharBlock(label=_("title"), required=False)
    steps = blocks.ListBlock(rich_text(_("step")), label=_("steps"))

    class Meta:
        icon = "list-ol"
        label = _("Steps")
        label_format = "{title}"
        group = PRACTICE
        description = _("What to do, one numbered step after the other.")
        template = "lms/blocks/steps.html"

    def example(self) -> dict[str, Any]:
        """Two steps."""
        return {
            "title": gettext("Five minutes for a good photo"),
            "steps": [
                paragraph(gettext("Put the product beside a window.")),
                paragraph(gettext("Hold the telephone level with it.")),
            ],
        }


class ExampleBlock(TeachingBlock):
    """A worked example: a situation, how it was solved step by step, and what came of it."""

    title = blocks.CharBlock(label=_("title"))
    situation = rich_text(_("situation"), help_text=_("Who wants what, with real numbers."))
    steps = blocks.ListBlock(rich_text(_("step")), label=_("how it was done"))
    result = rich_text(_("result"), required=False)

    class Meta:
        icon = "draft"
        label = _("Worked example")
        label_format = "{title}"
        group = PRACTICE
        description = _("A situation, how it was solved step by step, and what came of it.")
        template = "lms/blocks/example.html"

    def example(self) -> dict[str, Any]:
        """The price of a scarf."""
        return {
            "title": gettext("What should the scarf cost?"),
            "situation": paragraph(
                gettext("Ibu Sari dyes a scarf in three hours. The cloth costs Rp60,000.")
            ),
            "steps": [
                paragraph(gettext("Cloth and dye: Rp60,000 + Rp15,000.")),
                paragraph(gettext("Three hours of work at Rp20,000: Rp60,000.")),
            ],
            "result": paragraph(gettext("Rp135,000 is what it costs her. She asks for Rp175,000.")),
        }


class QuestionBlock(TeachingBlock):
    """A question to think about, with its answer behind a tap. Nothing is recorded."""

    question = rich_text(_("question"))
    answer = rich_text(_("answer"), help_text=_("Hidden until the reader asks for it. Nothing is recorded."))

    class Meta:
        icon = "help"
        label = _("Question to think about")
        group = PRACTICE
        description = _(
            "A question whose answer is shown on a tap. Nothing is recorded: use a quiz for that."
        )
        template = "lms/blocks/question.html"

    def example(self) -> dict[str, Any]:
        """A question."""
        return {
            "question": paragraph(gettext("Why does the lamp spoil the photo?")),
            "answer": paragraph(gettext("Its light is yellow: white cloth looks old.")),
        }


class TaskBlock(TeachingBlock):
    """Something to try in one's own shop."""

    title = blocks.CharBlock(label=_("title"))
    text = rich_text(_("what to do"))
    minutes = blocks.IntegerBlock(label=_("minutes"), required=False, min_value=1, max_value=600)
    result = blocks.CharBlock(
        label=_("done when"),
        required=False,
        help_text=_("How one sees that it worked: “Three photos are in the album.”"),
    )

    class Meta:
        icon = "edit"
        label = _("Try it in your shop")
        label_format = "{title}"
        group = PRACTICE
        description = _("A small task for the reader's own shop, with the time it takes.")
        template = "lms/blocks/task.html"

    def example(self) -> dict[str, Any]:
        """A task of ten minutes."""
        return {
            "title": gettext("Photograph three products"),
            "text": paragraph(gettext("Choose what sells best. Take each by the window, once from above.")),
            "minutes": 10,
            "result": gettext("Three photos are in your album."),
        }


class ChecklistBlock(TeachingBlock):
    """Things to tick off. The ticks stay on the reader's device; without JavaScript they last until the page is left."""

    title = blocks.CharBlock(label=_("title"))
    items = blocks.ListBlock(
        blocks.CharBlock(label=_("thing to do"), max_length=200), label=_("things to do")
    )

    class Meta:
        icon = "tasks"
        label = _("Checklist")
        label_format = "{title}"
        group = PRACTICE
        description = _("Things to tick off. The ticks stay on the reader's own device.")
        template = "lms/blocks/checklist.html"

    def example(self) -> dict[str, Any]:
        """Two things."""
        return {
            "title": gettext("Before you open"),
            "items": [gettext("Prices stand on every product"), gettext("The QR code hangs by the till")],
        }


class SampleBlock(TeachingBlock):
    """Words to copy and change, such as a reply to a customer."""

    title = blocks.CharBlock(label=_("title"), required=False)
    text = blocks.TextBlock(label=_("words to copy"), rows=5)

    class Meta:
        icon = "copy"
        label = _("Sample text")
        label_format = "{title}"
        group = PRACTICE
        description = _("Words to copy and change, such as a reply to a customer.")
        template = "lms/blocks/sample.html"

    def example(self) -> dict[str, Any]:
        """A reply."""
        return {
            "title": gettext("A first reply"),
            "text": gettext("Good morning! Yes, the blue scarf is here. Shall I put one aside for you?"),
        }
