"""Benchmarks of the compiled kernels against other tools on the same real data."""
