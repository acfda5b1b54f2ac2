"""The straits: what is hidden, whose they are, how assumptions move corridors."""

from __future__ import annotations

from commands import rows

FOUR = "habomai,shikotan,kunashir,iturup"


def test_unresolved_straits_have_no_depth(run, real):
    found = rows(run("straits", "--scenario", "status-quo", "--format", "json"))
    hidden = [row for row in found if not row["resolved"]]
    assert "second-kuril" in {row["strait_id"] for row in hidden}
    for row in hidden:
        for key in ("throat_area_km2", "throat_share", "sill_depth_m", "corridor_depth_m"):
            assert row[key] is None


def test_regimes_follow_the_option(run, real):
    def regimes(*words: str) -> dict[str, str]:
        found = rows(run("straits", *words, "--format", "json"))
        return {row["strait_id"]: row["regime"] for row in found}

    today, ceded = regimes("--scenario", "status-quo"), regimes("--scenario", "four-islands")
    assert (today["friza"], ceded["friza"]) == ("russian", "shared")
    assert (today["yekaterina"], ceded["yekaterina"]) == ("russian", "japanese")
    assert (today["bussol"], ceded["bussol"]) == ("russian", "russian")
    assert regimes("--cede", FOUR) == ceded


def test_set_changes_the_corridors(run, real):
    words = ["straits", "--scenario", "status-quo", "--format", "json"]
    wide, narrow = (
        {row["strait_id"]: row["corridor_km"] for row in rows(run(*words, *more))}
        for more in ([], ["--set", "territorial_sea_nm=3"])
    )
    assert all(narrow[name] >= wide[name] for name in wide)
    assert narrow["bussol"] > wide["bussol"] + 10
