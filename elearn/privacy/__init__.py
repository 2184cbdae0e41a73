"""What UU 27/2022 gives to people: to know, to have a copy, to have it put right."""
