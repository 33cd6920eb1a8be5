"""MEASURE: speed, quality, and the demonstration. Imports all; nothing imports it."""
