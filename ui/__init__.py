"""SHOW: the browser's page; speaks HTTP with search. Knows no index, no models, no SQL."""
