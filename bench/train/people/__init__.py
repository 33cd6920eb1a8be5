"""Trains what the demo profile sees people with: a detector, a face embedding, an action head."""
