"""The command line as a whole: refusals, help, processes of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import click
import pytest
from commands import refusal

import okhotsk
from okhotsk import cli
from okhotsk.cli.data import data
from okhotsk.cli.main import COMMANDS, main

COMMAND = Path(sys.executable).with_name("okhotsk")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["assess", "five-islands"], "unknown scenario 'five-islands'"),
        (["map", "five-islands"], "unknown scenario 'five-islands'"),
        (["straits", "--scenario", "x"], "unknown scenario 'x'"),
        (["assess", "missing.toml"], "missing.toml does not exist"),
        (["assess", "../status-quo"], "unknown scenario"),
        (["assess", "--cede", "atlantis"], "unknown unit 'atlantis'"),
        (["assess", "--cede", "kunashir,kunashir"], "'kunashir' is ceded twice"),
        (["assess", "--cede", "habomai,yuri"], "'yuri' is ceded twice"),
        (["assess", "--cede", ""], "--cede names no unit"),
        (["assess", "--cede", " , "], "--cede names no unit"),
        (["assess", "status-quo", "--demilitarised"], "--demilitarised goes with --cede"),
        (["straits", "--scenario", "status-quo", "--cede", "urup"], "either --scenario or --cede"),
        (["map"], "name one option"),
        (["map", "status-quo", "four-islands"], "name one option"),
        (["map", "status-quo", "--cede", "urup"], "name one option"),
        (["assess", "--set", "patrol_depth=100"], "unknown assumption patrol_depth"),
        (["assess", "--set", "patrol_depth_m=deep"], "expected NAME=VALUE with a number"),
        (["assess", "--set", "patrol_depth_m"], "expected NAME=VALUE with a number"),
        (["assess", "--set", "soya_nm=3", "--set", "soya_nm=12"], "soya_nm is given twice"),
        (["sweep", "--vary", "soya_nm=3", "--vary", "soya_nm=12"], "soya_nm is given twice"),
        (["assess", "--set", "patrol_depth_m=1e9"], "patrol_depth_m is 1000000000.0, expected 50"),
        (["assess", "--set", "patrol_depth_m=nan"], "patrol_depth_m is nan, expected 50 to 300"),
        (["run", "--set", "patrol_depth_m=-1"], "patrol_depth_m is -1.0, expected 50 to 300"),
        (["assess", "--format", "xml"], "'xml' is not one of"),
        (["assess", "--seabed-positive", "left"], "'left' is not one of"),
        (["map", "status-quo", "--height", "tall"], "'tall' is not a valid integer"),
        (["asess"], "No such command 'asess'"),
        (["data", "mend"], "No such command 'mend'"),
    ],
)
def test_bad_words_are_refused_in_one_sentence(run, words, said):
    assert said in refusal(run(*words))


def test_version_and_help(run):
    assert run("--version").stdout.strip().endswith(f"version {okhotsk.__version__}")
    for words in ([], ["assess"], ["map"], ["run"], ["straits"], ["data"], ["data", "check"]):
        short, long = run(*words, "-h"), run(*words, "--help")
        assert short.exit_code == 0
        assert short.stdout == long.stdout
        assert short.stdout.startswith("Usage: ")
        assert short.stderr == ""


def test_every_command_is_listed_and_lies_where_it_is_sought():
    modules = [import_module(f"okhotsk.cli.{m.name}") for m in iter_modules(cli.__path__)]
    below = [*data.commands.values()]  # the commands of a group lie beside it
    made = {
        command.name: f"{module.__name__}:{attribute}"
        for module in modules
        for attribute, command in vars(module).items()
        if isinstance(command, click.Command) and attribute != "main" and command not in below
    }
    assert made == dict(COMMANDS)
    context = click.Context(main)
    assert main.list_commands(context) == sorted(COMMANDS)
    assert [main.get_command(context, name).name for name in COMMANDS] == list(COMMANDS)
    assert main.get_command(context, "main") is None


def test_help_lists_every_command_with_what_it_does(run):
    listed = run("--help").stdout.partition("Commands:\n")[2].splitlines()
    assert [line.split()[0] for line in listed] == sorted(COMMANDS)
    assert all(len(line.split()) > 2 for line in listed)


# Libraries that take long to import, and are of no use for help.
SLOW = {"numpy", "pandas", "numba", "geopandas", "rasterio", "matplotlib", "folium", "jinja2"}
SLOW |= {"pooch", "requests"}
IMPORTED = "import sys; main(sys.argv[1:], standalone_mode=False); print(); print(*sys.modules)"


def imported(*words: str) -> set[str]:
    """Modules that a process of its own has imported after a command."""
    code = f"from okhotsk.cli.main import main; {IMPORTED}"
    done = subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, text=True, timeout=120
    )
    assert (done.returncode, done.stderr) == (0, "")
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("name", ["assess", "data", "frontier", "map"])
def test_help_of_a_command_imports_no_other_and_nothing_that_computes(name):
    modules = imported(name, "--help")
    places = {command: place.partition(":")[0] for command, place in COMMANDS.items()}
    assert {command for command, module in places.items() if module in modules} == {name}
    assert modules.isdisjoint(SLOW)


def test_help_imports_nothing_that_computes():
    modules = imported("--help")
    assert {place.partition(":")[0] for place in COMMANDS.values()} <= modules
    assert modules.isdisjoint(SLOW)


@pytest.mark.parametrize("name", ["islands", "scenarios"])
def test_tables_import_nothing_that_draws(name):
    modules = imported(name)
    assert "pandas" in modules
    assert modules.isdisjoint({"matplotlib", "folium", "jinja2"})


def test_a_reader_that_closes_the_pipe_sees_no_trace():
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [COMMAND, "islands"], stdout=write, stderr=subprocess.PIPE, text=True, timeout=120
    )
    os.close(write)
    assert done.stderr == ""
    assert done.returncode in (0, 1, 141)


def test_a_refusal_by_a_real_process(tmp_path):
    words = [COMMAND, "straits", "--seabed", tmp_path / "missing.tif"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"Error: {tmp_path / 'missing.tif'}: cannot be read")
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


INTERRUPTED = """
import os, signal, time
import okhotsk.theatre.storage
from okhotsk.cli.main import COMMANDS, main
# A shell that starts jobs in the background may have had the signal ignored.
signal.signal(signal.SIGINT, signal.default_int_handler)
def load(**_):
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(60)
okhotsk.theatre.storage.load = load
main(["run", "--output", "maps"])
"""


def test_ctrl_c_to_a_real_process(tmp_path):
    words = [sys.executable, "-c", INTERRUPTED]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode in (1, 130)
    assert (done.stdout, done.stderr.strip()) == ("", "Aborted!")
    assert list(tmp_path.iterdir()) == []
