"""The steps, by number. A step is never changed once it was released."""
