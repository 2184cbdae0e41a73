"""Questions in and out of other programs and onto paper: what instructors see of it."""
