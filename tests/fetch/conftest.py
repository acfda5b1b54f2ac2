"""Servers of small tiles; no other address is asked."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from mirror import Mirror, served
from smalltiles import WINDOW, content, small_product

from okhotsk.fetch.product import Product, Tile


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.socket.connect

    def only_here(self: socket.socket, address: tuple[str, int]) -> None:
        assert address[0] == "127.0.0.1", address
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", only_here)
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture
def product() -> Product:
    return small_product()


@pytest.fixture
def tile(product: Product) -> Tile:
    """The tile of the northern Kurils."""
    return next(t for t in product.tiles(WINDOW) if t.bounds == (150, 45, 165, 60))


@pytest.fixture
def mirror(tile: Tile) -> Iterator[Mirror]:
    """A server of that tile."""
    with served(Mirror({tile.name: content(tile)})) as running:
        yield running
