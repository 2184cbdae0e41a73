"""Announcements: texts for everybody, a branch or a role, on home until they are put away."""
