"""HR's office of assignments: give them, follow them, remind; what they are stands far below."""
