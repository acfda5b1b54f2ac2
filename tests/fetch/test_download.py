"""A download over connections that break, stall and change."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from mirror import Mirror, served

from okhotsk.errors import DataError
from okhotsk.fetch.download import Download, Patience

BODY = bytes(range(256)) * 2000  # 512,000 bytes
HALF = 256_000
QUICK = Patience(tries=3, pause_s=0.01, timeout_s=0.5)
Get = Callable[..., bytes]


@pytest.fixture
def get(tmp_path: Path) -> Get:
    """Get the file from a server, checked by nothing unless told."""

    def get(mirror: Mirror, check: Callable[[Path], None] = lambda _: None) -> bytes:
        download = Download(tmp_path / "f.part", check, QUICK)
        download(mirror.url + "f", str(tmp_path / "f"), None)
        return (tmp_path / "f").read_bytes()

    return get


def left(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def refusal(get: Get, mirror: Mirror, **options: Callable[[Path], None]) -> str:
    with pytest.raises(DataError) as caught:
        get(mirror, **options)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_whole_file_and_nothing_else(get: Get, tmp_path: Path) -> None:
    with served(Mirror({"f": BODY})) as mirror:
        assert get(mirror) == BODY
    assert left(tmp_path) == {"f"}
    assert mirror.asked == [("f", None)]


def test_progress_counts_bytes_up_to_all(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    with served(Mirror({"f": BODY}, drop_after={"f": [HALF]})) as mirror:
        tell = lambda done, total: seen.append((done, total))  # noqa: E731
        Download(tmp_path / "f.part", lambda _: None, QUICK, tell)(
            mirror.url + "f", str(tmp_path / "f"), None
        )
    assert seen == sorted(seen)
    assert seen[-1] == (len(BODY), len(BODY))
    assert {total for _, total in seen} == {len(BODY)}


def test_a_broken_connection_is_gone_on_from(get: Get, tmp_path: Path) -> None:
    with served(Mirror({"f": BODY}, drop_after={"f": [HALF, 100_000]})) as mirror:
        assert get(mirror) == BODY
    ranges = [re.fullmatch(r"bytes=(\d+)-", given or "") for _, given in mirror.asked]
    assert ranges[0] is None
    starts = [int(found[1]) for found in ranges[1:] if found]
    assert len(starts) == 2
    assert 0 < starts[0] <= HALF < starts[1]
    # Less than one chunk is fetched twice for each break.
    assert mirror.sent < len(BODY) + 2 * 65_536
    assert left(tmp_path) == {"f"}


def test_a_later_call_goes_on_from_what_is_kept(get: Get, tmp_path: Path) -> None:
    with served(Mirror({"f": BODY}, drop_after={"f": [HALF, 0, 0, 0, 0]})) as mirror:
        assert "connection broke" in refusal(get, mirror)
        assert left(tmp_path) == {"f.part", "f.tag.part"}
        kept = (tmp_path / "f.part").stat().st_size
        assert 0 < kept <= HALF
        mirror.drop_after.clear()
        mirror.asked.clear()
        assert get(mirror) == BODY
    assert mirror.asked == [("f", f"bytes={kept}-")]
    assert left(tmp_path) == {"f"}


def test_tries_are_counted_from_the_last_byte_gained(get: Get) -> None:
    with served(Mirror({"f": BODY}, drop_after={"f": [70_000] * 7})) as mirror:
        assert get(mirror) == BODY
    assert len(mirror.asked) > QUICK.tries


@pytest.mark.parametrize("fault", ["ranges", "tags"])
def test_without_range_or_version_it_begins_anew(get: Get, fault: str) -> None:
    with served(Mirror({"f": BODY}, drop_after={"f": [HALF]}, **{fault: False})) as mirror:
        assert get(mirror) == BODY
    assert len(mirror.asked) == 2


def test_a_file_that_changed_in_between_is_not_joined(get: Get, tmp_path: Path) -> None:
    with served(Mirror({"f": BODY}, drop_after={"f": [HALF, 0, 0, 0, 0]})) as mirror:
        refusal(get, mirror)
        mirror.drop_after.clear()
        mirror.files["f"] = BODY[::-1]
        assert get(mirror) == BODY[::-1]


def test_a_part_longer_than_the_file_is_dropped(get: Get, tmp_path: Path) -> None:
    with served(Mirror({"f": BODY}, drop_after={"f": [HALF, 0, 0, 0, 0]})) as mirror:
        refusal(get, mirror)
        (tmp_path / "f.part").write_bytes(BODY * 2)
        mirror.drop_after.clear()
        assert get(mirror) == BODY


def test_a_part_of_an_unknown_version_is_not_used(get: Get, tmp_path: Path) -> None:
    (tmp_path / "f.part").write_bytes(b"of another file")
    with served(Mirror({"f": BODY})) as mirror:
        assert get(mirror) == BODY
    assert mirror.asked == [("f", None)]


def test_faults_of_the_server_pass(get: Get) -> None:
    with served(Mirror({"f": BODY}, status={"f": [500, 503]})) as mirror:
        assert get(mirror) == BODY
    assert len(mirror.asked) == 3


@pytest.mark.parametrize(("status", "times"), [(500, 3), (503, 3), (429, 3), (404, 1), (403, 1)])
def test_faults_that_stay(get: Get, tmp_path: Path, status: int, times: int) -> None:
    with served(Mirror({"f": BODY}, status={"f": [status] * 9})) as mirror:
        assert re.fullmatch(rf"answered HTTP {status} \(.+\)", refusal(get, mirror))
    assert len(mirror.asked) == times
    assert left(tmp_path) == set()


def test_a_server_that_stalls(get: Get, tmp_path: Path) -> None:
    with served(Mirror({"f": BODY}, sleep_s=5)) as mirror:
        assert refusal(get, mirror) == "sent nothing for 0.5 s"
    assert left(tmp_path) == {"f.part", "f.tag.part"}


def test_no_server(get: Get, tmp_path: Path) -> None:
    with served(Mirror({})) as mirror:
        pass
    assert refusal(get, mirror) == "no connection"
    assert left(tmp_path) == set()


def test_no_address(get: Get) -> None:
    assert "no address that can be asked" in refusal(get, Mirror({}, url="http://[::"))


def test_a_file_that_is_refused_leaves_nothing(get: Get, tmp_path: Path) -> None:
    def refuse(path: Path) -> None:
        assert path.read_bytes() == BODY
        raise DataError("serves another file")

    with served(Mirror({"f": BODY})) as mirror:
        assert refusal(get, mirror, check=refuse) == "serves another file"
    assert left(tmp_path) == set()


def test_a_full_disk_keeps_what_came(get: Get, tmp_path: Path) -> None:
    (tmp_path / "f.part").symlink_to("/dev/full")
    with served(Mirror({"f": BODY})) as mirror, pytest.raises(OSError, match="No space left"):
        get(mirror)
    assert not (tmp_path / "f").exists()
