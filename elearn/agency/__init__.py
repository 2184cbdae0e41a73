"""The agency as it changes: its units, who leads them, who is placed where, roles lent."""
