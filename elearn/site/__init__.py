"""What belongs to no single capability: home, health, error pages."""
