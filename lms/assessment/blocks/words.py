"""Words in every content language of the site, and pictures with words that stand for them."""

from __future__ import annotations

from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.coreutils import get_content_languages
from wagtail.images.blocks import ImageChooserBlock

#: No links: the words of a question need no query, and nobody is led out of a quiz.
FEATURES = ["bold", "italic", "ol", "ul"]


def field_of(language: str) -> str:
    """Return the name of a language's field in ``WordsBlock``: ``zh-hans`` cannot be one."""
    return language.lower().replace("-", "_")


class WholeBlock(blocks.StructBlock):
    """A block whose parts are all there, also where only some are given, such as none in the ``{}`` of a list's default.

    Without it Wagtail's editor writes “undefined” into the fields of parts that are missing.
    """

    def normalize(self, value: Any) -> Any:
        """Fill in what is missing."""
        if isinstance(value, blocks.StructValue):
            return value
        missing = {name: part.get_default() for name, part in self.child_blocks.items() if name not in value}
        return super().normalize({**missing, **value})


class WordsBlock(WholeBlock):
    """The same words in every content language of the site. At least one is written when they are required."""

    def __init__(self, *, rich: bool = False, required: bool = True, rows: int = 0, **kwargs: Any) -> None:
        self.needed = required
        super().__init__(
            [
                (field_of(code), self._field(rich=rich, rows=rows, label=self._label(place, str(name))))
                for place, (code, name) in enumerate(get_content_languages().items())
            ],
            form_classname="struct-block lms-words",
            **kwargs,
        )

    def _label(self, place: int, name: str) -> Any:
        """Name the language. Words that are needed are needed once, so only the first language is not optional."""
        return format_lazy("{} ({})", name, gettext_lazy("optional")) if self.needed and place else name

    @staticmethod
    def _field(*, rich: bool, rows: int, label: Any) -> blocks.FieldBlock:
        if rich:
            return blocks.RichTextBlock(features=FEATURES, label=label, required=False)
        if rows:
            return blocks.TextBlock(rows=rows, label=label, required=False, max_length=2000)
        return blocks.CharBlock(label=label, required=False, max_length=500)

    # Languages are the host's setting and no part of our migrations.
    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Leave the languages out of migrations."""
        return "wagtail.blocks.StructBlock", [[]], {}

    def deconstruct_with_lookup(self, lookup: Any) -> tuple[str, list[Any], dict[str, Any]]:
        """Leave the languages out of migrations."""
        return self.deconstruct()

    def clean(self, value: Any) -> Any:
        """Ask for one language at least."""
        cleaned = super().clean(value)
        if self.needed and not any(str(each or "").strip() for each in cleaned.values()):
            raise StructBlockValidationError(non_block_errors=[_("Write this in one language at least.")])
        return cleaned


class PictureBlock(blocks.StructBlock):
    """A picture that belongs to a question."""

    image = ImageChooserBlock(label=gettext_lazy("Picture"), required=False)
    alt_text = WordsBlock(
        label=gettext_lazy("What it shows"),
        required=False,
        help_text=gettext_lazy("For people who cannot see it. Say what is needed to answer, not the answer."),
    )

    class Meta:
        icon = "image"
        label = gettext_lazy("Picture")
