"""Typesetting of certificates: words and pictures in, one page of PDF, SVG or PNG out.

Owns the designs (``lms/credentials/typst``), the bundled fonts and what may be printed. Knows no rows: callers hand it
plain values (`CertificateContent`) and store what comes back. See docs/decisions/0013-certificate-fonts.md.
"""

from lms.credentials.render.content import CertificateContent, CertificateWords, Picture
from lms.credentials.render.exceptions import (
    CertificateRefused,
    InvalidContent,
    TextDoesNotFit,
    UnprintableText,
    UnreadablePicture,
)
from lms.credentials.render.lettering import Dropped, Settled, settle, settle_text, unprintable
from lms.credentials.render.typesetting import TEMPLATES, render_pdf, render_png, render_svg

__all__ = [
    "TEMPLATES",
    "CertificateContent",
    "CertificateRefused",
    "CertificateWords",
    "Dropped",
    "InvalidContent",
    "Picture",
    "Settled",
    "TextDoesNotFit",
    "UnprintableText",
    "UnreadablePicture",
    "render_pdf",
    "render_png",
    "render_svg",
    "settle",
    "settle_text",
    "unprintable",
]
