"""The catalog: a collection's rows in SQLite or PostgreSQL; the one door to sqlalchemy."""
