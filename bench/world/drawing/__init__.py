"""How the made world looks: brush, places, things, people. Knows no stories and no truth."""
