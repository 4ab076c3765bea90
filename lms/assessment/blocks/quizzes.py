"""What a quiz is made of: questions by name, and draws from banks."""

from __future__ import annotations

from django.utils.translation import gettext_lazy
from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock


class DrawBlock(blocks.StructBlock):
    """Some questions from a bank, other ones in each attempt."""

    bank = SnippetChooserBlock("lms.QuestionBank", label=gettext_lazy("Question bank"))
    difficulty = blocks.ChoiceBlock(
        choices=[("1", gettext_lazy("easy")), ("2", gettext_lazy("medium")), ("3", gettext_lazy("hard"))],
        required=False,
        label=gettext_lazy("Only of this difficulty"),
    )
    how_many = blocks.IntegerBlock(min_value=1, max_value=100, default=5, label=gettext_lazy("How many"))

    class Meta:
        icon = "rotate"
        label = gettext_lazy("Draw from a bank")


def quiz_blocks() -> list[tuple[str, blocks.Block]]:
    """Return what a quiz is made of: questions by name, and draws from banks."""
    return [
        ("question", SnippetChooserBlock("lms.Question", icon="help", label=gettext_lazy("A question"))),
        ("draw", DrawBlock()),
    ]
