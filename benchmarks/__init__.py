"""Benchmarks of the kernels that the product uses, against other tools on the same real data."""
