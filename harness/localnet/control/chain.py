"""What comes from validators, and from whoever decides whom the exchange serves."""

from collections.abc import Sequence
from typing import Final, Literal

import msgspec

from harness.localnet.accounts.validators import VALIDATOR
from harness.localnet.accounts.votes import Proposal, Vote
from harness.localnet.answers import BadShape
from harness.localnet.asks import LocalnetError, address_of
from harness.localnet.control.front import Front
from harness.localnet.parsing import convert

# Three days, which is localnet's own figure, and ten years.
VOTE_MS: Final = 3 * 86_400_000
_LONGEST_MS: Final = 10 * 365 * 86_400_000

Restriction = Literal["n", "a", "o", "u"]


class Chain(Front):
    """The part of a localnet's control that tells of votes, jailings and restrictions."""

    def open_vote(self, action: object, voters: Sequence[str] = (), *, expires_ms: int = VOTE_MS) -> None:
        """Let validators vote on something; nothing is done about it, whatever comes out.

        Args:
            action: what `validatorL1Votes` shows as such: an object with one of the keys D, C, O and E.
            voters: the validators that have voted for it.
            expires_ms: for how long the vote is open.

        Raises:
            LocalnetError: it is no such thing, or a voter is no validator.
        """
        known = self._exchange.validators.known
        voting = tuple(address_of(voter) for voter in voters)
        strangers = [voter for voter in voting if voter not in known]
        if strangers or not 0 < expires_ms <= _LONGEST_MS:
            raise LocalnetError(
                f"{strangers[0]} is no validator." if strangers else f"A vote of {expires_ms} ms.",
                needed=f"Validators ({', '.join(known)}), and 1 to {_LONGEST_MS} ms.",
            )
        try:
            proposal = msgspec.to_builtins(convert(action, Proposal), enc_hook=str)
        except BadShape as error:
            raise LocalnetError(
                f"This is not voted on: {error}.", needed="A form of validatorL1Votes."
            ) from None
        with self._block("openVote", action=action, voters=list(voting), ms=expires_ms):
            expires = self._exchange.now_ms() + expires_ms
            self._exchange.validators.votes.append(Vote(expires, proposal, voting))

    def jail(self, address: str, ms: int) -> None:
        """Let validators have jailed one of them; it leaves with the epoch, and may unjail itself after `ms`.

        Source: API docs, "Staking": a quorum of jail votes. UNVERIFIED: that it takes part until the epoch
        ends, as one that jails itself.

        Raises:
            LocalnetError: it is no validator, or the house's.
        """
        found = self._exchange.validators.known.get(address_of(address))
        if found is None or found.address == VALIDATOR or not 0 <= ms <= _LONGEST_MS:
            raise LocalnetError(f"{address} cannot be jailed for {ms} ms.", needed="A validator; 0 or more.")
        with self._block("jail", address=address, ms=ms):
            found.is_jailed, found.unjailable_ms = True, self._exchange.now_ms() + ms

    def restrict(self, address: str, restriction: Restriction) -> None:
        """Let the web page keep something from an account, as `legalCheck` tells; trading goes on.

        Args:
            address: whom.
            restriction: `a` for everything, `o` for outcomes, `u` for who is in the UK, `n` for nothing.
        """
        owner = address_of(address)
        with self._block("restrict", address=address, restriction=restriction):
            self._exchange.restrictions[owner] = restriction
