"""The cast of the reports: Ani is a Perawat Terampil who works towards Perawat Mahir."""

from __future__ import annotations

from tests.reports.conftest import cast, today

__all__ = ["cast", "today"]
