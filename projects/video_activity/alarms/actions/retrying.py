"""Try again, later and later, what may work later."""

import random
import threading
from collections.abc import Callable

from projects.video_activity.alarms.actions.action import GivenUpError

_LONGEST_PAUSE = 60.0  # seconds


class TryLaterError(Exception):
    """It did not work now.

    Attributes:
        pause: Seconds that the other side asks for, if it does.
    """

    def __init__(self, reason: str, pause: float | None = None):
        super().__init__(reason)
        self.pause = pause


def keep_trying(
    attempt: Callable[[], None],
    attempts: int,
    stop: threading.Event,
    first_pause: float = 1.0,
) -> None:
    """Call `attempt` until it works.

    Args:
        attempt: Raises `TryLaterError` where another attempt may help.
        attempts: How often it is called at most.
        stop: Set when there is no more time: the attempt under way is the last.
        first_pause: Seconds after the first failure; each pause is twice the one
            before, about (many that were refused at once must not return at once).

    Raises:
        GivenUpError: None of the attempts worked.
    """
    for number in range(attempts):
        try:
            return attempt()
        except TryLaterError as error:
            reason = error
        pause = first_pause * 2**number * random.uniform(0.8, 1.2)  # noqa: S311
        pause = min(_LONGEST_PAUSE, max(pause, reason.pause or 0.0))
        if number + 1 < attempts and stop.wait(pause):
            raise GivenUpError(f"{reason}; no time for another attempt")
    raise GivenUpError(f"{reason}; {attempts} attempts")
