"""What the groupings of an order action ask of its orders: `normalTpsl`, `positionTpsl` and priority.

Source: wire rules 54 to 58 and 124. What is refused with an unknown text, or could be, is not covered.
"""

from harness.localnet import messages
from harness.localnet.actions.forms import PriorityForm
from harness.localnet.actions.registry import Call
from harness.localnet.answers import NotCovered
from harness.localnet.trading.orders import Draft, fate
from harness.localnet.trading.triggers import is_on_near_side, is_sound

Grouping = str | PriorityForm


def grouping_fault(grouping: Grouping, drafts: list[Draft]) -> str | None:
    """Return why a group is refused as a whole, or None.

    Priority needs undelegated stake; that its refusal is one status for the batch, without a record, is
    UNVERIFIED.
    """
    if isinstance(grouping, PriorityForm):
        return messages.PRIORITY
    if grouping == "na":
        return None
    triggers = drafts
    if grouping == "normalTpsl":
        if drafts[0].trigger is not None:
            return messages.MAIN_TRIGGER
        triggers = drafts[1:]
        if not 1 <= len(triggers) <= 2 or any(draft.trigger is None for draft in triggers):
            return messages.TRIGGER_COUNT
        if any(draft.is_buy == drafts[0].is_buy for draft in triggers):
            return messages.TRIGGER_SIDE
    if not all(draft.reduce_only for draft in triggers):
        return messages.TRIGGER_NOT_REDUCE_ONLY
    return None


def refuse_uncovered_group(call: Call, grouping: Grouping, drafts: list[Draft]) -> None:
    """Refuse what a grouping may hold and localnet does not know the answer to.

    Raises:
        NotCovered: see the module.
    """
    if isinstance(grouping, PriorityForm):
        _refuse_odd_priority(call, grouping, drafts)
    elif grouping == "positionTpsl":
        _refuse_odd_position_group(call, drafts)
    elif grouping == "normalTpsl" and grouping_fault(grouping, drafts) is None:
        _refuse_odd_family(call, drafts)


def _refuse_odd_priority(call: Call, grouping: PriorityForm, drafts: list[Draft]) -> None:
    """Take what the docs allow only: every order Ioc, or every order Alo and not reduce-only."""
    tifs = {draft.tif for draft in drafts if draft.trigger is None}
    is_resting = tifs == {"Alo"} and not any(draft.reduce_only for draft in drafts)
    if any(draft.trigger is not None for draft in drafts) or not (tifs == {"Ioc"} or is_resting):
        raise NotCovered("a priority for orders that are not all Ioc or all Alo")
    if not grouping.p:
        raise NotCovered("a priority of nothing")
    stake = call.exchange.stakes.get(call.account.address)
    if stake is not None and stake.undelegated:
        raise NotCovered("a priority that stake can pay for")


def _refuse_odd_position_group(call: Call, drafts: list[Draft]) -> None:
    if any(draft.trigger is None for draft in drafts) or len(drafts) > 2:
        raise NotCovered("a positionTpsl of other than one or two trigger orders")
    _refuse_twins(drafts)
    for draft in drafts:
        szi = call.account.szi(draft.perp.index)
        if draft.reduce_only and not (szi < 0 if draft.is_buy else szi > 0):
            raise NotCovered("a TP/SL for a position that is not there")


def _refuse_odd_family(call: Call, drafts: list[Draft]) -> None:
    main, children = drafts[0], drafts[1:]
    _refuse_twins(children)
    if any(child.perp is not main.perp for child in children):
        raise NotCovered("a TP/SL on another coin than its entry")
    market = call.exchange.market(main.perp)
    for child in children:
        assert child.trigger is not None
        is_legal = not child.px % main.perp.tick_at(child.px) and is_sound(child.trigger.px, market)
        if not is_legal or is_on_near_side(child):
            raise NotCovered("a child with a price that a trigger order of its own is refused for")
    entry = fate(call.exchange, call.account, main)
    if entry == "refused":
        raise NotCovered("a group whose entry is refused")
    if entry == "cut":
        raise NotCovered("a group whose entry takes liquidity and fills in part")


def _refuse_twins(triggers: list[Draft]) -> None:
    kinds = [draft.trigger.is_tp for draft in triggers if draft.trigger is not None]
    if len(set(kinds)) < len(kinds):
        raise NotCovered("two take profits or two stop losses in one group")
