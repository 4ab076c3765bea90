"""Pure rules of feeds and embeds: the window of time, origins of hosts, readable colours, fingerprints."""

from __future__ import annotations

import datetime as dt
import hashlib
import re

#: Raise it when the same facts shall give other bytes: every kept event is then made anew at its next reading.
FORMAT = 1
#: Cancelled sessions stay at least this long, so that slow subscribers still hear of it.
KEEP_AT_LEAST_DAYS = 30
#: WCAG 2.2 1.4.3 for text of ordinary size.
READABLE = 4.5

_ORIGIN = re.compile(
    r"(?P<scheme>https?)://(?P<host>(?:\*\.)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?P<port>:[0-9]{1,5})?/?"
)
_LOCAL = re.compile(r"localhost|.*\.localhost|127\.[0-9.]+|\[::1\]")


def window(now: dt.datetime, *, past_days: int, ahead_days: int) -> tuple[dt.datetime, dt.datetime]:
    """Return from when to when a feed reaches: whole days in UTC, so its bytes stay the same all day.

    Args:
        now: aware.
        past_days: days that ended sessions stay; never fewer than 30.
        ahead_days: days ahead.
    """
    midnight = now.astimezone(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return (
        midnight - dt.timedelta(days=max(past_days, KEEP_AT_LEAST_DAYS)),
        midnight + dt.timedelta(days=ahead_days + 1),
    )


def fingerprint(*parts: str) -> str:
    """Return 64 hexadecimal digits that differ when any part differs (BLAKE2b, 256 bits)."""
    text = "\x1f".join(parts)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=32).hexdigest()


def origin(text: str, *, secure: bool = True) -> str:
    """Return an origin as browsers compare it: scheme, host in lower case, port unless it is the usual one.

    Args:
        text: what somebody wrote. A leading ``*.`` before the host means every subdomain.
        secure: accept plain http only for the machine itself, to try things out.

    Raises:
        ValueError: when the text is no origin. Its first argument is ``"origin"``, or ``"secure"`` for plain http.
    """
    match = _ORIGIN.fullmatch(text.strip().lower())
    if match is None or ".." in match["host"] or int((match["port"] or ":1")[1:]) not in range(1, 65536):
        raise ValueError("origin")
    if secure and match["scheme"] == "http" and not _LOCAL.fullmatch(match["host"]):
        raise ValueError("secure")
    usual = {"https": ":443", "http": ":80"}[match["scheme"]]
    port = "" if match["port"] in (None, usual) else match["port"]
    return f"{match['scheme']}://{match['host']}{port}"


def origins(texts: object) -> list[str]:
    """Return the origins among stored entries, each once; anything else is left out, so no header can be forged.

    Plain http is let through: what may be stored is decided where it is entered.
    """
    found = []
    for text in texts if isinstance(texts, list) else []:
        try:
            found.append(origin(str(text), secure=False))
        except ValueError:
            continue
    return list(dict.fromkeys(found))


def accent_shades(accent: str, *, paper: str, night: str) -> dict[str, str]:
    """Return an accent as it can be read on light and on dark ground, and text that can be read on it.

    Args:
        accent, paper, night: ``#rrggbb``: the colour, the light ground and the dark ground.

    Returns:
        ``on_paper`` and ``on_night``: the accent, darkened or lightened until its contrast is 4.5 : 1 (WCAG 2.2 1.4.3);
        ``over_paper`` and ``over_night``: black or white, whichever reads better on those.
    """
    light, dark = _until_readable(accent, paper, "#000000"), _until_readable(accent, night, "#ffffff")
    return {
        "on_paper": light,
        "on_night": dark,
        "over_paper": _text_over(light),
        "over_night": _text_over(dark),
    }


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, 1–21 (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _until_readable(colour: str, ground: str, towards: str) -> str:
    for step in range(21):
        shade = _mixed(towards, colour, step / 20)
        if contrast(shade, ground) >= READABLE:
            return shade
    return towards


def _text_over(colour: str) -> str:
    return max(("#ffffff", "#000000"), key=lambda ink: contrast(ink, colour))


def _mixed(one: str, other: str, share: float) -> str:
    channels = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in channels)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    """Relative luminance, 0–1 (https://www.w3.org/TR/WCAG22/#dfn-relative-luminance)."""
    red, green, blue = (
        share / 12.92 if (share := channel / 255) <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
        for channel in _channels(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
