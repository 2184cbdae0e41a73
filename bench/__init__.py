"""Benchmarks that print ratios: the product against the limit of what carries it."""
