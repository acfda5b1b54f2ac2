"""A server of files on this machine that can be told to behave badly."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@dataclass
class Mirror:
    """What a server serves, how, and what it was asked.

    ``files`` are contents by name. Faults of a name: ``status`` is answered once for each number in
    the list; ``drop_after`` bytes of a body the connection ends, once for each number;
    ``sleep_s`` passes before the second half of a body. Without ``ranges`` a server knows no
    Range, without ``tags`` it says nothing of the version.
    """

    files: dict[str, bytes]
    status: dict[str, list[int]] = field(default_factory=dict)
    drop_after: dict[str, list[int]] = field(default_factory=dict)
    sleep_s: float = 0.0
    ranges: bool = True
    tags: bool = True
    sized: bool = True
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    sent: int = 0
    url: str = ""


class _Handler(BaseHTTPRequestHandler):
    mirror: Mirror

    def log_message(self, *_: object) -> None:
        """Keep the console clean."""

    def do_GET(self) -> None:
        mirror, name = self.mirror, self.path.rpartition("/")[2]
        mirror.asked.append((name, self.headers.get("Range")))
        faults = mirror.status.get(name)
        if faults or name not in mirror.files:
            self.send_error(faults.pop(0) if faults else 404)
            return
        body = mirror.files[name]
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        start = self._begin(body, tag)
        cut = mirror.drop_after.get(name)
        end = start + cut.pop(0) if cut else len(body)
        if mirror.sleep_s:
            self._send(body[start : len(body) // 2])
            time.sleep(mirror.sleep_s)
            start = max(start, len(body) // 2)
        self._send(body[start:end])
        self.close_connection = True

    def _begin(self, body: bytes, tag: str) -> int:
        """Send the head; returns the first byte to send."""
        found = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range") or "")
        same = self.headers.get("If-Range") in (None, tag)
        start = int(found[1]) if found and same and self.mirror.ranges else 0
        if start and start >= len(body):
            self.send_error(416)
            return len(body)
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        if self.mirror.sized:
            self.send_header("Content-Length", str(len(body) - start))
        if self.mirror.tags:
            self.send_header("ETag", tag)
        self.end_headers()
        return start

    def _send(self, piece: bytes) -> None:
        self.mirror.sent += len(piece)
        try:
            self.wfile.write(piece)
            self.wfile.flush()
        except OSError:  # the reader has given up
            self.close_connection = True


@contextmanager
def served(mirror: Mirror) -> Iterator[Mirror]:
    """Serve files until the block ends."""
    handler = type("Handler", (_Handler,), {"mirror": mirror})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    mirror.url = f"http://127.0.0.1:{server.server_port}/15s/"
    try:
        yield mirror
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
