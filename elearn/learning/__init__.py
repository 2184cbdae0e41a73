"""Enrolment, lessons, quizzes and completion."""
