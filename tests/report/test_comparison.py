"""What changes between two options, in sentences: the right names, and figures of the records."""

from __future__ import annotations

import json
import math
import re
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest
import shapely
from click.testing import CliRunner, Result

from okhotsk.api import Assessment
from okhotsk.assessment import index
from okhotsk.assessment.compare import compare
from okhotsk.cli.main import main
from okhotsk.measures.exposure import Route
from okhotsk.raster import geodesy
from okhotsk.report.comparison import Finding, describe_changes, summarise_changes

NAMES = ("status-quo", "four-islands", "four-islands-demilitarised", "st-petersburg-1875")
TOPICS = (
    "land",
    "straits",
    "zones",
    "seal",
    "refuge",
    "sensed water",
    "routes",
    "depth",
    "force",
    "missiles",
    "index",
)
PAIRS = [(a, b) for a in NAMES for b in NAMES if a != b]
NUMBER = re.compile(r"[-+]?\d[\d,]*(?:\.\d+)?%?")
Options = dict[str, Assessment]


@pytest.fixture(scope="module")
def options(coarse_results: Options) -> Options:
    return coarse_results


@pytest.fixture(scope="module")
def found(options: Options) -> dict[tuple[str, str], list[Finding]]:
    """What is said of every pair."""
    return {(a, b): findings_of(options[a], options[b]) for a, b in PAIRS}


def findings_of(one: Assessment, other: Assessment) -> list[Finding]:
    return describe_changes(compare(one, other))


def about(findings: list[Finding], topic: str) -> list[str]:
    """Sentences about a topic."""
    return [f.sentence for f in findings if f.topic == topic]


def said(one: Assessment, other: Assessment, topic: str) -> list[str]:
    """Sentences about a topic, of two options made for a test."""
    return about(findings_of(one, other), topic)


def quiet(sentences: list[str]) -> bool:
    return sentences == ["Nothing changes."]


def names(text: str) -> set[str]:
    """Names in a list such as 'A, B and C'."""
    return set(re.split(r", | and ", text))


def turns(findings: list[Finding]) -> dict[tuple[str, str], set[str]]:
    """Straits by the regimes between which they turn."""
    groups: dict[tuple[str, str], set[str]] = {}
    for sentence in about(findings, "straits"):
        if match := re.match(r"(.*) turns? from (\w+) to (\w+) \(", sentence):
            groups.setdefault((match[2], match[3]), set()).update(names(match[1]))
    return groups


def figures(one: Assessment, other: Assessment) -> set[str]:
    """Every figure of two options that a sentence may hold, and their differences."""
    found = set()
    for column, new in other.record.items():
        old = one.record[column]
        if isinstance(new, str):
            continue
        for value in (old, new, abs(new - old)):
            found |= {f"{value:,.0f}", f"{value:.0f}", f"{value:.1%}", f"{value:.2f}"}
        if old:
            found.add(f"{new / old - 1:+.0%}")
    for result in (one, other):
        for table in (result.force.sweep_km, result.force.sensors):
            found |= {f"{value:,g}" for value in table}
        found |= {c.split("_")[1] for c in result.missile_cover if c.endswith("_share")}
        found |= {"12"}  # of the name Type 12
    return found


def given_up(sentences: list[str], how: str) -> list[int]:
    """Kilometres of the stretches that are given up or drawn anew."""
    stretches = [re.match(rf"A stretch of ([\d,]+) km .* {how}\.$", s) for s in sentences]
    return sorted(int(m[1].replace(",", "")) for m in stretches if m)


# Facts


def test_straits_of_the_four_islands(found) -> None:
    """From the published line between Iturup and Urup, not from the coast."""
    findings = found["status-quo", "four-islands"]
    assert turns(findings) == {
        ("Russian", "Japanese"): {
            "Yekaterina",
            "South Kuril Strait",
            "Tanfilyev Strait",
            "Yuri Strait",
            "Voeykov Strait",
            "Polonsky Strait",
            "Shpanberg",
        },
        ("Russian", "shared"): {"Friza"},
        ("shared", "Japanese"): {"Izmena", "Nemuro", "Sovetsky"},
    }
    sentences = about(findings, "straits")
    assert "Yekaterina turns from Russian to Japanese (exits of the sea)." in sentences
    assert "Friza turns from Russian to shared (exits of the sea)." in sentences
    assert "Nemuro and Sovetsky turn from shared to Japanese (other passages)." in sentences


def test_exits_and_other_passages(options: Options, found) -> None:
    """An exit is what the data calls one."""
    one, other = options["status-quo"], options["st-petersburg-1875"]
    table = other.straits.assign(short=other.straits["name"].str.split(" \\(").str[0])
    changed = table[one.straits.regime.to_numpy() != other.straits.regime.to_numpy()]
    for kind, exits in (("exits of the sea", True), ("other passages", False)):
        sentences = about(found["status-quo", "st-petersburg-1875"], "straits")
        lists = [s for s in sentences if f"({kind})" in s]
        got = set().union(*(names(s.split(" turn")[0]) for s in lists))
        assert got == set(changed.short[changed.exit == exits])


def test_forces_on_ceded_land(options: Options) -> None:
    four, none = options["four-islands"], options["four-islands-demilitarised"]
    assert said(four, none, "land") == ["No forces may stand on ceded land."]
    assert said(none, four, "land") == ["Japanese forces may stand on ceded land."]
    land = four.land.assign(forces=four.land.forces.where(~four.land.ceded, "RU"))
    assert said(four, replace(four, land=land), "land") == ["Russian forces stay on ceded land."]


def test_demilitarisation_changes_water_missiles_and_index_alone(found) -> None:
    findings = found["four-islands", "four-islands-demilitarised"]
    loud = {f.topic for f in findings if f.sentence != "Nothing changes."}
    assert loud - {"routes"} == {"land", "refuge", "sensed water", "missiles", "index"}
    reaches = about(findings, "missiles")
    assert len(reaches) == 2
    for reach, km in zip(reaches, (200, 1000), strict=True):
        assert " out of full reach, from land where Japanese forces may stand, " in reach
        assert f" of Type 12 at {km} km; " in reach


def test_people_that_no_source_counts(options: Options) -> None:
    quo, four = options["status-quo"], options["four-islands"]
    least = replace(four, uncounted=("iturup-south",))
    counted, known = (said(quo, option, "land")[1] for option in (four, least))
    assert known == counted.replace(".", ", of those that a source counts.")
    fewer = said(four, quo, "land")
    assert fewer[0].endswith("km² less land is handed over.")
    assert fewer[1].endswith("fewer people live on it.")


# Laws


@pytest.mark.parametrize("name", NAMES)
def test_against_itself_nothing_changes(options: Options, name: str) -> None:
    findings = findings_of(options[name], options[name])
    assert findings == [Finding(topic, "Nothing changes.") for topic in TOPICS]


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_topics_in_order_and_whole_sentences(found, a: str, b: str) -> None:
    findings = found[a, b]
    assert tuple(dict.fromkeys(f.topic for f in findings)) == TOPICS
    for finding in findings:
        assert finding.sentence[0].isupper() or finding.sentence[0].isdigit()
        assert finding.sentence.endswith(".")
        assert "  " not in finding.sentence
        assert not re.search(r"\b(nan|None|inf)\b", finding.sentence)
    for topic in TOPICS:
        own = about(findings, topic)
        assert quiet(own) or "Nothing changes." not in own
        assert len(set(own)) == len(own)


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_every_number_is_a_figure(options: Options, found, a: str, b: str) -> None:
    allowed = figures(options[a], options[b])
    checked = 0
    for finding in found[a, b]:
        if finding.sentence.startswith(("A stretch of", "What moves it")):
            continue
        for number in NUMBER.findall(finding.sentence.replace("5–95%", "")):  # a name
            assert number.rstrip(",") in allowed, finding.sentence
            checked += 1
    assert checked > 5


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_the_way_back_says_the_reverse(found, a: str, b: str) -> None:
    assert turns(found[b, a]) == {(y, x): who for (x, y), who in turns(found[a, b]).items()}
    for topic in ("zones", "seal", "refuge"):
        there, back = (" ".join(about(found[pair], topic)) for pair in ((a, b), (b, a)))
        for word, reverse in (("grows", "falls"), ("is given up", "is drawn anew")):
            assert there.count(word) == back.count(reverse)
            assert back.count(word) == there.count(reverse)


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_sentences_about_columns(options: Options, found, a: str, b: str) -> None:
    """Each says from what to what where the figure moves, and nothing where it does not."""
    one, other = options[a], options[b]
    for topic, column, what, style in (
        ("zones", "jp_eez_km2", "Japan's economic zone within the sea", ",.0f"),
        ("zones", "jp_territorial_sea_km2", "Japan's territorial sea within the sea", ",.0f"),
        ("seal", "barrier_km", "The shortest seal line", ",.0f"),
        (
            "seal",
            "operating_area_km2",
            "The least section of a seal down to the operating depth",
            ",.0f",
        ),
        ("refuge", "refuge_share", "The refuge", ".1%"),
    ):
        old, new = one.record[column], other.record[column]
        own = [s for s in about(found[a, b], topic) if s.startswith(what)]
        if abs(new - old) < (0.0005 if style == ".1%" else 0.5):
            assert own == []
            continue
        (sentence,) = own
        assert f" from {old:{style}} to {new:{style}} " in sentence
        assert (" grows " in sentence) == (new > old)


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_stretches_are_of_the_lines(options: Options, found, a: str, b: str) -> None:
    """Lengths by another way: what lies apart, without the rests that go unnamed."""
    one, other = options[a], options[b]
    sentences = about(found[a, b], "seal")
    for here, there, how in ((one, other, "is given up"), (other, one, "is drawn anew")):
        lengths_km = given_up(sentences, how)
        far = shapely.difference(
            here.barrier.lines["barrier_km"],
            shapely.buffer(there.barrier.lines["barrier_km"], 0.15),
        )
        apart_km = geodesy.length_km(far) if not far.is_empty else 0.0
        assert sum(lengths_km) <= apart_km + len(lengths_km) / 2
        assert all(km >= 20 for km in lengths_km)
        if apart_km >= 20 * max(1, len(shapely.get_parts(far))):
            assert lengths_km


def test_drivers_of_the_index_against_the_status_quo(options: Options, found) -> None:
    """From 100, the pulls add up to the logarithm of the index."""
    recipe = index.read_recipe()
    for name in NAMES[1:]:
        other = options[name]
        sentence = about(found["status-quo", name], "index")[1]
        listed = dict(re.findall(r"([A-Za-z][A-Za-z -]+?) (\d+)%", sentence.split(": ")[1]))
        listed = {key.removeprefix("and "): int(share) for key, share in listed.items()}
        whole = math.log(other.record["index"] / 100)
        for c in recipe.components:
            pull = c.weight * math.log(max(other.components[c.component_id], recipe.floor))
            expected = round(100 * pull / whole) if pull / whole >= 0.05 else None
            assert listed.get(c.title[0].lower() + c.title[1:]) == expected
        assert list(listed.values()) == sorted(listed.values(), reverse=True)
        assert sum(listed.values()) <= 100 + len(listed)


def test_no_way_left(options: Options) -> None:
    four = options["four-islands"]
    closed = Route(math.inf, shapely.LineString(), (), four.routes["egress"].profile.iloc[:0])
    shut = replace(four, routes=MappingProxyType({**four.routes, "egress": closed}))
    assert said(four, shut, "routes") == [
        "No submerged way is left where there was the least exposed way out of the core."
    ]


def test_a_way_that_moves_is_named(options: Options) -> None:
    four = options["four-islands"]
    old = four.routes["egress"]
    for new, expected in (
        (replace(old, straits=("bussol", "diana")), "now runs through Bussol and Diana, and"),
        (replace(old, straits=()), "now runs through no named exit, and"),
        (replace(old, exposure=old.exposure + 0.75), "still runs through"),
    ):
        moved = replace(four, routes=MappingProxyType({**four.routes, "egress": new}))
        (sentence,) = said(four, moved, "routes")
        assert sentence.startswith(f"The least exposed way out of the core {expected}")
        if new.exposure != old.exposure:
            assert sentence.endswith(
                f"its exposure goes from {old.exposure:.2f} to {new.exposure:.2f}."
            )


def test_one_strait_passes_and_two_pass(options: Options) -> None:
    four = options["four-islands"]
    cover = four.missile_cover.assign(bal_120_share=0.0)
    for count, verb in ((1, "Izmena passes into"), (2, "Izmena and Yekaterina pass into")):
        ids = ["izmena", "yekaterina"][:count]
        more = cover.assign(bal_120_share=np.where(cover.strait_id.isin(ids), 1.0, 0.0))
        (sentence,) = said(
            replace(four, missile_cover=cover), replace(four, missile_cover=more), "missiles"
        )
        assert sentence.startswith(f"{verb} full reach, ")
        assert " from land where Russian forces may stand, of Bal at 120 km; " in sentence


def test_each_side_has_its_missiles(options: Options) -> None:
    four = options["four-islands"]
    cover = four.missile_cover.assign(type12_200_share=0.0, bastion_500_share=0.0)
    more = cover.assign(type12_200_share=1.0, bastion_500_share=1.0)
    found = said(replace(four, missile_cover=cover), replace(four, missile_cover=more), "missiles")
    assert [("Russian forces" in s, "Japanese forces" in s) for s in found] == [
        (True, False),
        (False, True),
    ]
    assert " of Bastion at 500 km; " in found[0]
    assert " of Type 12 at 200 km; " in found[1]


# The short form


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_the_short_form_is_part_of_the_long_one(options: Options, found, a: str, b: str) -> None:
    """Every sentence stands there too, but for the words that lean on what is left out."""
    short = summarise_changes(compare(options[a], options[b]))
    whole = [f.sentence.replace(" (exits of the sea)", "") for f in found[a, b]]
    whole = [sentence.replace("What moves it,", "What moves the index,") for sentence in whole]
    assert len(short) > 1
    assert [sentence for sentence in whole if sentence in short] == short
    for words in ("A stretch of ", "(other passages)", "The index goes from ", "Nothing changes."):
        assert not any(words in sentence for sentence in short)


# The command


@pytest.fixture
def run(options: Options, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Run a command on what is already assessed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("okhotsk.theatre.storage.load", lambda **_: None)
    monkeypatch.setattr(
        "okhotsk.assessment.compute.compute_results",
        lambda theatre, chosen, **_: [options[s.scenario_id] for s in chosen],
    )
    return lambda *words: CliRunner().invoke(main, ["compare", *words])


def test_command_prints_the_findings(run, options: Options) -> None:
    result: Result = run("status-quo", "four-islands")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    one, other = options["status-quo"], options["four-islands"]
    assert lines[:2] == [f"From {one.scenario.title}", f"to {other.scenario.title}"]
    assert [line.lower() for line in lines[2:] if line and line[0] != " "] == list(TOPICS)
    text = " ".join(" ".join(line.split()) for line in lines)
    for finding in findings_of(one, other):
        assert finding.sentence in text
    assert max(map(len, lines[2:])) <= 98


@pytest.mark.parametrize("pair", [("status-quo", "four-islands"), ("four-islands",) * 2])
def test_command_as_json(run, options: Options, pair: tuple[str, str]) -> None:
    result: Result = run(*pair, "--format", "json")
    assert (result.exit_code, result.stderr) == (0, "")
    expected = findings_of(*(options[name] for name in pair))
    assert json.loads(result.stdout) == [
        {"topic": f.topic, "sentence": f.sentence} for f in expected
    ]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["status-quo"], "name two options or more"),
        ([], "name two options or more"),
        (["status-quo", "five-islands"], "unknown scenario 'five-islands'"),
        (["status-quo", "four-islands", "--set", "patrol_depth_m=9"], "expected 50 to 300"),
        (["status-quo", "four-islands", "--format", "xml"], "'xml' is not one of"),
    ],
)
def test_bad_words_are_refused_in_one_sentence(run, words: list[str], sentence: str) -> None:
    result: Result = run(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    errors = [line for line in result.stderr.splitlines() if line.startswith("Error: ")]
    assert len(errors) == 1
    assert sentence in errors[0]
    assert "Traceback" not in result.stderr


def test_figures_on_other_seabeds_are_told_in_the_order_of_the_figures(results) -> None:
    """Where the ensemble gives them: the shared options on the real theatre."""
    one, other = results[0], results[2]
    (line, *_) = about(findings_of(one, other), "seal")
    ends = [
        f"{r.record['barrier_km_low']:,.0f} to {r.record['barrier_km_high']:,.0f}"
        for r in (one, other)
    ]
    assert line.endswith(f" (5–95% over seabeds: {ends[0]} and {ends[1]} km).")


def test_no_seabeds_are_told_of_where_there_is_no_ensemble(found) -> None:
    assert not any("seabed" in f.sentence for findings in found.values() for f in findings)
