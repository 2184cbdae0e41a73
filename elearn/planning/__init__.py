"""Planning of development: gaps of people and units, and the shortest honest way over them."""
