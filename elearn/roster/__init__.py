"""The roster: people, units and positions as HR's own files have them, looked at and brought in."""
