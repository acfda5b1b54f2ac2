"""One file over HTTP: what came before the connection broke is kept, and gone on from."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any

import requests

from okhotsk.errors import DataError

CHUNK = 1 << 16
AGENT = "okhotsk (Python package; research on the Sea of Okhotsk)"
# The server may do better later: a timeout of its own, too many requests, any fault of its own.
PASSING = (408, 425, 429)

Tell = Callable[[int, int], None]  # bytes that are there, bytes in all (0 where it is not said)


@dataclass(frozen=True)
class Patience:
    """How often and how long a server is waited for.

    Attributes
    ----------
    tries
        Attempts in a row that may bring no byte more than the ones before.
    pause_s
        Seconds before the second attempt; twice as many before each further one.
    timeout_s
        Seconds without a byte after which an attempt is given up.
    """

    tries: int = 4
    pause_s: float = 1.0
    timeout_s: float = 30.0


class _BrokenOffError(Exception):
    """An attempt failed in a way that another may not."""


@dataclass(frozen=True)
class Download:
    """Gets a file by way of ``part``; a downloader for :meth:`pooch.Pooch.fetch`.

    Attributes
    ----------
    part
        Where what has come is kept until the file is whole.
    check
        Called with the whole file before it takes its place; raises where it is not what it
        should be.
    patience
        How long to wait and how often to try.
    tell
        Called with the bytes that are there and those in all.
    """

    part: Path
    check: Callable[[Path], None]
    patience: Patience = field(default_factory=Patience)
    tell: Tell = lambda *_: None

    def __call__(self, url: str, output_file: str, pooch: Any) -> None:
        """Get the file at an address.

        Raises
        ------
        DataError
            Where the address does not serve the file: the reason, without the address.
        """
        self._complete(url)
        try:
            self.check(self.part)
        except DataError:
            self._forget()
            raise
        self.part.replace(output_file)
        self._tag.unlink(missing_ok=True)

    @property
    def _tag(self) -> Path:
        """Where it is kept which version of the file the part is of."""
        return self.part.with_name(self.part.stem + ".tag.part")

    def _forget(self) -> None:
        self.part.unlink(missing_ok=True)
        self._tag.unlink(missing_ok=True)

    def _have(self) -> int:
        return self.part.stat().st_size if self.part.exists() else 0

    def _complete(self, url: str) -> None:
        best, left, pause_s = self._have(), self.patience.tries, self.patience.pause_s
        while True:
            try:
                return self._receive(url)
            except _BrokenOffError as error:
                if self._have() > best:
                    best, left, pause_s = self._have(), self.patience.tries, self.patience.pause_s
                left -= 1
                if left < 1:
                    raise DataError(str(error)) from error
            time.sleep(pause_s)
            pause_s *= 2

    def _receive(self, url: str) -> None:
        """Make one attempt, from where the last one broke off if the server lets it."""
        tag = self._tag.read_text("utf-8") if self._tag.exists() and self.part.exists() else ""
        have = self._have() if tag else 0
        # A server that packs the file on the way could not go on from a byte of it.
        headers = {"User-Agent": AGENT, "Accept-Encoding": "identity"}
        headers |= {"Range": f"bytes={have}-", "If-Range": tag} if have else {}
        try:
            limit_s = self.patience.timeout_s
            with requests.get(url, headers=headers, stream=True, timeout=limit_s) as answer:
                self._keep(answer, have)
        except requests.Timeout as error:
            raise _BrokenOffError(f"sent nothing for {self.patience.timeout_s:g} s") from error
        except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError) as error:
            # A timeout in the midst of the body comes as an error of the connection.
            slow = "timed out" in str(error)
            said = f"sent nothing for {self.patience.timeout_s:g} s" if slow else _broken(error)
            raise _BrokenOffError(said) from error
        except requests.RequestException as error:
            raise DataError(f"is no address that can be asked ({type(error).__name__})") from error

    def _keep(self, answer: requests.Response, have: int) -> None:
        """Write what a server sends to the part."""
        status = answer.status_code
        start = _first_byte(answer) if status == HTTPStatus.PARTIAL_CONTENT else 0
        if status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE or start not in (0, have):
            self._forget()
            raise _BrokenOffError("serves other bytes than those asked for")
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in PASSING:
            raise _BrokenOffError(f"answered HTTP {status} ({answer.reason})")
        if status not in (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT):
            raise DataError(f"answered HTTP {status} ({answer.reason})")
        length = answer.headers.get("Content-Length", "")
        total = start + int(length) if length.isdigit() else 0
        with self.part.open("ab" if start else "wb") as sink:
            self._tag.write_text(_version(answer), "utf-8")
            for chunk in answer.iter_content(CHUNK):
                sink.write(chunk)
                self.tell(sink.tell(), total)
            got = sink.tell()
        if total and got != total:
            raise _BrokenOffError(f"the connection broke after {got:,} of {total:,} bytes")


def _broken(error: Exception) -> str:
    """What to say of a connection that failed."""
    if isinstance(error, requests.exceptions.SSLError):
        return "no secure connection (its certificate is not trusted, or its protocol unknown)"
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return "the connection broke before the file was whole"
    return "no connection"


def _first_byte(answer: requests.Response) -> int:
    """Return where the bytes of a partial answer begin; -1 where it does not say."""
    found = re.match(r"bytes (\d+)-", answer.headers.get("Content-Range", ""))
    return int(found[1]) if found else -1


def _version(answer: requests.Response) -> str:
    """Return what tells this version of a file from later ones; empty where nothing does.

    RFC 9110, section 13.1.5: a weak tag must not be used to go on from a part.
    """
    tag = answer.headers.get("ETag", "")
    return answer.headers.get("Last-Modified", "") if not tag or tag.startswith("W/") else tag
