"""Markdown folders become immutable course versions."""
