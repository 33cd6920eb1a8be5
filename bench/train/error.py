"""What can be wrong with a training before or while it runs."""


class TrainingError(Exception):
    """One line that says what is wrong and what to do about it."""
