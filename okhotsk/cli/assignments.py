"""Texts such as ``patrol_depth_m=150``, as --set and --vary take them."""

from __future__ import annotations

from collections.abc import Iterable

from okhotsk.errors import AssumptionError


def read_values(texts: Iterable[str]) -> dict[str, float]:
    """Return the number that --set gives to each name.

    Raises
    ------
    AssumptionError
        For a text that is no NAME=VALUE, or a name given twice.

    Examples
    --------
    >>> read_values(["patrol_depth_m=150", "soya_nm = 3"])
    {'patrol_depth_m': 150.0, 'soya_nm': 3.0}
    """
    return {name: value for name, (value,) in _read("--set", texts).items()}


def override(texts: Iterable[str], others: Iterable[str]) -> tuple[str, ...]:
    """Return some assignments with others in the place of those that give the same names.

    Examples
    --------
    >>> override(["soya_nm=3", "patrol_depth_m=150"], ["soya_nm=12"])
    ('patrol_depth_m=150', 'soya_nm=12')
    """
    new = tuple(others)
    names = {text.partition("=")[0].strip() for text in new}
    return (*(text for text in texts if text.partition("=")[0].strip() not in names), *new)


def read_ranges(texts: Iterable[str]) -> dict[str, list[float]]:
    """Return the numbers that --vary gives to each name.

    Raises
    ------
    AssumptionError
        For a text that is no NAME=A,B,..., or a name given twice.

    Examples
    --------
    >>> read_ranges(["soya_nm=3,12"])
    {'soya_nm': [3.0, 12.0]}
    """
    return _read("--vary", texts)


def _read(flag: str, texts: Iterable[str]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for text in texts:
        name = text.partition("=")[0].strip()
        if name in found:
            raise AssumptionError(f"{flag} {text!r}: {name} is given twice; give it once")
        found[name] = _numbers(flag, text)
    return found


def _numbers(flag: str, text: str) -> list[float]:
    """The numbers of a text: one for --set, else one or more."""
    words = text.partition("=")[2].split(",")
    try:
        if flag == "--set" and len(words) > 1:
            raise ValueError
        return [float(word) for word in words]
    except ValueError:
        many = "a number" if flag == "--set" else "numbers"
        raise AssumptionError(
            f"{flag} {text!r}: expected NAME=VALUE with {many}, e.g. patrol_depth_m=150"
        ) from None
