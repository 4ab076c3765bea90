"""Pictures, video, sound and files. Nothing large is fetched before the reader asks for it; each says how large it is."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.documents import get_document_model

from lms.pages.blocks.base import MEDIA, TeachingBlock, rich_text
from lms.pages.blocks.shelf import DrawnImageChooserBlock, ShelvedDocumentChooserBlock


class PictureBlock(TeachingBlock):
    """A picture with the words that stand for it."""

    image = DrawnImageChooserBlock(label=_("picture"))
    alt_text = blocks.CharBlock(
        label=_("what the picture shows"),
        required=False,
        help_text=_("For those who cannot see it, or whose connection does not load it."),
    )
    decorative = blocks.BooleanBlock(
        label=_("only decoration"),
        required=False,
        help_text=_("Says nothing that the text does not say. Screen readers pass over it."),
    )
    caption = blocks.CharBlock(label=_("caption"), required=False)

    class Meta:
        icon = "image"
        label = _("Picture")
        label_format = "{alt_text}"
        group = MEDIA
        description = _("A picture in sizes for telephones and computers, with words that stand for it.")
        template = "lms/blocks/picture.html"
        preview_template = "lms/blocks/preview_picture.html"

    def clean(self, value: Any) -> Any:
        """A picture has words or is decoration, never neither and never both."""
        cleaned = super().clean(value)
        if self.is_deferred_validation:
            return cleaned
        if not cleaned["alt_text"] and not cleaned["decorative"]:
            raise _wrong("alt_text", _("Say what the picture shows, or mark it as decoration."))
        if cleaned["alt_text"] and cleaned["decorative"]:
            raise _wrong("decorative", _("Decoration has no words: take one of the two away."))
        return cleaned

    def example(self) -> dict[str, Any]:
        """A caption; the preview draws the picture."""
        return {"caption": gettext("Light from one side shows the weave.")}


class VideoValue(blocks.StructValue):
    """A video as its template reads it."""

    @property
    def source(self) -> Any:
        """The file, or None where it is a link."""
        return self.get("document")

    @property
    def host(self) -> str:
        """Where a link leads, such as www.youtube.com."""
        return urlsplit(self.get("link") or "").hostname or ""


class VideoBlock(TeachingBlock):
    """A video that loads only when somebody asks for it: a poster says how long and how large it is."""

    title = blocks.CharBlock(label=_("title"))
    minutes = blocks.IntegerBlock(label=_("minutes"), min_value=1, max_value=600)
    document = ShelvedDocumentChooserBlock(
        label=_("video file"), required=False, help_text=_("An MP4 of 360 to 720 lines plays everywhere.")
    )
    link = blocks.URLBlock(
        label=_("or a link"),
        required=False,
        help_text=_("For a video elsewhere. It opens there: nothing is loaded from it."),
    )
    megabytes = blocks.IntegerBlock(
        label=_("size of the linked video in MB"),
        required=False,
        min_value=1,
        max_value=10_000,
        help_text=_("So that people know before they tap. The size of a file of ours is known."),
    )
    poster = DrawnImageChooserBlock(label=_("still picture"), required=False)
    transcript = rich_text(
        _("transcript"), required=False, help_text=_("What is said, for those who cannot hear it or load it.")
    )

    class Meta:
        icon = "media"
        label = _("Video")
        label_format = "{title}"
        group = MEDIA
        description = _("A still picture with minutes and size; the video loads on a tap and not before.")
        template = "lms/blocks/video.html"
        preview_template = "lms/blocks/preview_video.html"
        value_class = VideoValue

    def clean(self, value: Any) -> Any:
        """A video is a file or a link."""
        cleaned = super().clean(value)
        if self.is_deferred_validation:
            return cleaned
        if not cleaned["document"] and not cleaned["link"]:
            raise _wrong("document", _("Choose a video file, or give a link."))
        if cleaned["document"] and cleaned["link"]:
            raise _wrong("link", _("Choose a video file or give a link, not both."))
        if cleaned["document"] and not _is_a(cleaned["document"], "video"):
            raise _wrong("document", _("This file is not a video. Choose an MP4 or WebM file."))
        return cleaned

    def example(self) -> dict[str, Any]:
        """A video of four minutes elsewhere."""
        return {
            "title": gettext("Arranging a market stall"),
            "minutes": 4,
            "megabytes": 12,
            "link": "https://video.example/stall",
        }


class AudioBlock(TeachingBlock):
    """Something to listen to. Only its size is fetched with the page."""

    title = blocks.CharBlock(label=_("title"))
    minutes = blocks.IntegerBlock(label=_("minutes"), min_value=1, max_value=600)
    document = ShelvedDocumentChooserBlock(
        label=_("sound file"), help_text=_("An MP3 of 48 to 64 kbit/s is enough for speech.")
    )
    transcript = rich_text(
        _("transcript"), required=False, help_text=_("What is said, for those who cannot hear it or load it.")
    )

    class Meta:
        icon = "media"
        label = _("Audio")
        label_format = "{title}"
        group = MEDIA
        description = _("Something to listen to, with minutes and size. It loads when it is played.")
        template = "lms/blocks/audio.html"

    def clean(self, value: Any) -> Any:
        """It is a sound file."""
        cleaned = super().clean(value)
        if (
            not self.is_deferred_validation
            and cleaned["document"]
            and not _is_a(cleaned["document"], "audio")
        ):
            raise _wrong("document", _("This file is not a sound file. Choose an MP3, M4A, Ogg or WAV file."))
        return cleaned

    def example(self) -> dict[str, Any]:
        """A talk of six minutes."""
        return {
            "title": gettext("A trader tells how she began"),
            "minutes": 6,
            "document": stand_in("talk.mp3", 2_700_000),
        }


class DownloadBlock(TeachingBlock):
    """A file to keep."""

    document = ShelvedDocumentChooserBlock(label=_("file"))
    title = blocks.CharBlock(label=_("title"), required=False, help_text=_("Empty: the title of the file."))
    text = blocks.CharBlock(label=_("what it is for"), required=False)

    class Meta:
        icon = "download"
        label = _("Download")
        label_format = "{title}"
        group = MEDIA
        description = _("A file to keep, with its type and size.")
        template = "lms/blocks/download.html"

    def example(self) -> dict[str, Any]:
        """A price list."""
        return {
            "document": stand_in("prices.pdf", 180_000),
            "title": gettext("Price list to fill in"),
            "text": gettext("Print it, or fill it in on the telephone."),
        }


def stand_in(name: str, size: int) -> Any:
    """Return a file that is not there, for previews.

    Args:
        name: of the file.
        size: in bytes.
    """
    return get_document_model()(title=name, file=name, file_size=size)


#: Endings that browsers play, by kind.
PLAYED = {"video": {"mp4", "m4v", "webm"}, "audio": {"mp3", "m4a", "aac", "ogg", "oga", "opus", "wav"}}


def _is_a(document: Any, kind: str) -> bool:
    return PurePosixPath(document.filename).suffix.lower().removeprefix(".") in PLAYED[kind]


def _wrong(field: str, words: Any) -> StructBlockValidationError:
    return StructBlockValidationError(block_errors={field: ValidationError(words)})
