"""The cast and the course of the reports."""

from tests.reports.conftest import cast, course_id, today

__all__ = ["cast", "course_id", "today"]
