"""The error that the bundler raises, and what it notes where a bundle is less than it could be."""

from dataclasses import dataclass, field


class BundleError(Exception):
    """Raised when an artifact cannot be made; the message says why, and what to change."""


@dataclass(frozen=True)
class Note:
    """What was not done for a function, such as "models", why, and what would change it."""

    what: str
    why: str
    advice: str

    def __str__(self) -> str:
        return f"{self.why} {self.advice}".strip()


@dataclass
class Notes:
    """The notes on a function. If it is `strict`, each is an error.

    `kept` is what was left as it is. `warnings` are what may fail on Lambda, bundled or not.
    """

    strict: bool
    kept: list[Note] = field(default_factory=list)
    warnings: list[Note] = field(default_factory=list)

    def keep(self, *notes: Note) -> None:
        """Note what is left as it is.

        Raises:
            BundleError: the function is strict.
        """
        self._check(notes)
        self.kept += notes

    def warn(self, *notes: Note) -> None:
        """Note what may fail on Lambda.

        Raises:
            BundleError: the function is strict.
        """
        self._check(notes)
        self.warnings += notes

    def _check(self, notes: tuple[Note, ...]) -> None:
        for note in notes:
            if self.strict:
                raise BundleError(str(note))
