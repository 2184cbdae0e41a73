"""How a course changes: editions before they are given out, reviews, roles, mended keys."""
