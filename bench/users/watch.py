"""The time a simulated user has, and the count of what it did with it."""


class TimeIsOut(Exception):
    """The task is over. Raised and caught within a search."""


class Watch:
    """Adds up seconds and interactions until the limit."""

    def __init__(self, limit_s: float) -> None:
        """Start at 0."""
        self.limit_s = limit_s
        self.seconds = 0.0
        self.interactions = 0

    def act(self, seconds: float) -> None:
        """Do something that counts as an interaction.

        Raises:
            TimeIsOut: it would end after the limit; it does not count.
        """
        self.wait(seconds)
        self.interactions += 1

    def wait(self, seconds: float) -> None:
        """Look or think.

        Raises:
            TimeIsOut: it would end after the limit.
        """
        if self.seconds + seconds > self.limit_s:
            self.seconds = self.limit_s
            raise TimeIsOut
        self.seconds += seconds
