"""Blocks for teaching, and the streams that are made of them.

A host takes a list as it is, or joins its own: ``StreamField([*lesson_blocks(), ("map", MapBlock())])``.
"""

from __future__ import annotations

from django.apps import apps
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from lms.pages.blocks.base import RICH_TEXT_FEATURES, TeachingBlock
from lms.pages.blocks.live import SpeakerBlock, WebinarBlock
from lms.pages.blocks.media import AudioBlock, DownloadBlock, PictureBlock, VideoBlock
from lms.pages.blocks.practice import (
    ChecklistBlock,
    ExampleBlock,
    QuestionBlock,
    SampleBlock,
    StepsBlock,
    TaskBlock,
)
from lms.pages.blocks.words import CalloutBlock, DefinitionsBlock, HeadingBlock, TableBlock, TextBlock

__all__ = [
    "RICH_TEXT_FEATURES",
    "AudioBlock",
    "CalloutBlock",
    "ChecklistBlock",
    "DefinitionsBlock",
    "DownloadBlock",
    "ExampleBlock",
    "HeadingBlock",
    "PictureBlock",
    "QuestionBlock",
    "SampleBlock",
    "SpeakerBlock",
    "StepsBlock",
    "TableBlock",
    "TaskBlock",
    "TeachingBlock",
    "TextBlock",
    "VideoBlock",
    "WebinarBlock",
    "audience_blocks",
    "lesson_blocks",
    "outcome_blocks",
    "speaker_blocks",
]


def outcome_blocks() -> list[tuple[str, blocks.Block]]:
    """Return the blocks that outcomes are made of."""
    return [("outcome", blocks.CharBlock(icon="tick", label=_("Ability"), max_length=200))]


def audience_blocks() -> list[tuple[str, blocks.Block]]:
    """Return the blocks that say for whom a course is."""
    return [("person", blocks.CharBlock(icon="group", label=_("Who"), max_length=200))]


def speaker_blocks() -> list[tuple[str, blocks.Block]]:
    """Return the blocks that speakers are made of."""
    return [("speaker", SpeakerBlock())]


def lesson_blocks() -> list[tuple[str, blocks.Block]]:
    """Return the blocks that content of ours is made of; webinars where ``lms.pages`` is installed, which has their pages."""
    found: list[tuple[str, blocks.Block]] = [
        ("heading", HeadingBlock()),
        ("paragraph", TextBlock()),
        ("callout", CalloutBlock()),
        ("definitions", DefinitionsBlock()),
        ("table", TableBlock()),
        ("picture", PictureBlock()),
        ("video", VideoBlock()),
        ("audio", AudioBlock()),
        ("download", DownloadBlock()),
        ("steps", StepsBlock()),
        ("example", ExampleBlock()),
        ("question", QuestionBlock()),
        ("task", TaskBlock()),
        ("checklist", ChecklistBlock()),
        ("sample", SampleBlock()),
    ]
    if apps.is_installed("lms.pages"):
        found.append(("webinar", WebinarBlock()))
    return found
