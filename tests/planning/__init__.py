"""Gaps of units and the shortest way of people."""
