"""What the agency asks for: the framework of competencies, and levels by position class."""
