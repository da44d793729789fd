"""`userToMultiSigSigners`: who may sign for an account."""

from typing import TYPE_CHECKING

from harness.localnet.queries.registry import OfUser, query

if TYPE_CHECKING:
    from harness.localnet.exchange import Exchange


@query("userToMultiSigSigners", OfUser)
def user_to_multi_sig_signers(exchange: "Exchange", asked: OfUser) -> dict[str, object] | None:
    """Return the users and how many of them must sign; null for other accounts (NK)."""
    multi_sig = exchange.multi_sigs.get(asked.user)
    if multi_sig is None:
        return None
    return {"authorizedUsers": list(multi_sig.users), "threshold": multi_sig.threshold}
