"""`noop`: use up a nonce and do nothing else."""

from harness.localnet.actions.registry import OK, Action, Call, action


class NoopAction(Action):
    """Nothing but its type."""

    def signed(self) -> dict[str, object]:
        """Return the action as it is signed."""
        return {"type": self.type}


@action("noop", NoopAction)
def noop(call: Call, asked: NoopAction) -> dict[str, object]:
    """Answer ok."""
    return OK
