"""Better seabeds from the network: tiles, downloads that go on, one file of the window."""
