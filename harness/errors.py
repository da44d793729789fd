"""The harness's errors: one family, each telling what was found, what is needed, and what to do."""


class HarnessError(Exception):
    """Root of all errors the harness raises on purpose.

    Args:
        found: what the harness met, with figures and names; never a key or a signature.
        needed: what it needs instead.
        do: the next step for the reader, as a flag, a variable or a command.
    """

    def __init__(self, found: str, *, needed: str = "", do: str = "") -> None:
        self.found = found
        self.needed = needed
        self.do = do
        super().__init__("\n".join(part for part in (found, needed, do) if part))


class SettingsError(HarnessError):
    """A flag, variable or configuration file is wrong; nothing has been sent."""


class CassetteError(HarnessError):
    """A cassette is missing, damaged, of another format, or cannot be written."""


class ReplayMismatch(HarnessError):
    """What was sent differs from what the cassette holds."""


class RecordingError(HarnessError):
    """Something cannot be put on tape."""


class ShapeError(HarnessError):
    """An answer does not have the form the exchange is known to give."""


class PrecisionError(HarnessError):
    """A price or size has no legal form on its coin."""


class GuardError(HarnessError):
    """A request was stopped before it left: wrong host, or too much money."""


class OutlivedError(GuardError):
    """A thread goes on after its scenario."""


class UnsupportedError(HarnessError):
    """The target cannot do this yet."""


class TargetUnavailable(HarnessError):
    """The target gave no answer, so nothing is known about the exchange's behaviour."""


class UnknownOutcome(HarnessError):
    """A signed action was sent and no whole answer came: it may have been accepted, and is never sent again.

    `found` says what was sent and what was found of it afterwards.
    """


class UnexpectedAnswer(HarnessError, AssertionError):
    """An answer is well-formed but says something else than the scenario claims."""
