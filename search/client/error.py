"""What can go wrong between client and API.

ApiError (ShotseekError)
├── ApiUnreachable     nothing answers there, or not in time
├── ApiRefused         the API answered with a problem: `status`, `title`, `detail`, `hint`
└── ApiFailed          what answered is no shotseek API, or has a bug
"""

from analyzers.error import ShotseekError
from search.wire import Problem


class ApiError(ShotseekError):
    """A question to the API was not answered; the message says what to do."""


class ApiUnreachable(ApiError):
    """Nothing answers at the address, or not in time."""


class ApiRefused(ApiError):
    """The API answered with a problem."""

    def __init__(self, problem: Problem) -> None:
        said = f"{problem.detail} ({problem.hint})" if problem.hint else problem.detail
        super().__init__(" ".join(said.split()))
        self.problem = problem

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.problem.status

    @property
    def title(self) -> str:
        """The status in words."""
        return self.problem.title

    @property
    def detail(self) -> str:
        """What is wrong."""
        return self.problem.detail

    @property
    def hint(self) -> str:
        """What to do about it."""
        return self.problem.hint


class ApiFailed(ApiError):
    """What answered is no shotseek API, or has a bug."""
