"""A bank's web site on another origin, as small as can be: one page with our agenda in it, and a stand-in for a meeting.

Run by ``manage.py demo``: ``python serve.py PORT EMBED_ADDRESS``. Standard library only: it is no part of the academy.
"""

from __future__ import annotations

import html
import signal
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

HERE = Path(__file__).resolve().parent


class PartnerSite(BaseHTTPRequestHandler):
    """Answers with one of two pages. ``embed`` is set before serving."""

    embed = ""

    def do_GET(self) -> None:
        """Answer a visitor."""
        pages = {"/": "index.html", "/room/": "room.html", "/style.css": "style.css"}
        name = pages.get(urlsplit(self.path).path)
        if name is None:
            self.send_error(404)
            return
        text = (HERE / name).read_text().replace("EMBED_ADDRESS", html.escape(self.embed))
        parts = urlsplit(self.embed)
        academy = f"{parts.scheme}://{parts.netloc}"
        text = text.replace("ACADEMY_ADDRESS", html.escape(academy))
        content = text.encode()
        self.send_response(200)
        kind = "text/css" if name.endswith(".css") else "text/html"
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        # A strict policy, as banks have them: the agenda works under it.
        self.send_header(
            "Content-Security-Policy",
            f"default-src 'none'; style-src 'self'; frame-src {academy}; script-src {academy}; base-uri 'none'",
        )
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: object) -> None:
        """Say nothing on the demo's terminal."""


def main() -> None:
    """Serve until asked to stop."""
    port, PartnerSite.embed = int(sys.argv[1]), sys.argv[2]
    server = ThreadingHTTPServer(("127.0.0.1", port), PartnerSite)

    def stop(*_: object) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    server.serve_forever()


if __name__ == "__main__":
    main()
