"""Read-only views for HR, instructors and auditors."""
