"""What the camera does in a dance. Needs neither NumPy nor OpenCV, because the web process imports the dances."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CameraPlan:
    """The camera of a dance, in beats of its five seconds.

    ``push_in`` is how much larger the dancer grows over five seconds, as a share. ``close_ups`` are the first and last
    beat of each view of head, shoulders and hands. ``kicks`` are the beats at which the camera punches in for a moment.
    """

    push_in: float = 0.05
    close_ups: tuple[tuple[float, float], ...] = ()
    kicks: tuple[float, ...] = ()

    def of_excerpt(self, start: float, length: float) -> "CameraPlan":
        """Return the plan of ``length`` beats from ``start`` on, without close-ups that are not wholly in them."""
        return CameraPlan(
            self.push_in,
            tuple((a - start, b - start) for a, b in self.close_ups if start <= a and b <= start + length),
            tuple(kick - start for kick in self.kicks if start <= kick < start + length),
        )
