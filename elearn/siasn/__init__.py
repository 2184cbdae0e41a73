"""What BKN's SIASN is told: rows in its columns, what it would refuse, what it has been sent."""
