"""Prices that walk by themselves, the same way each time."""

from decimal import Decimal

from harness.localnet import Localnet, VirtualClock
from harness.localnet.markets.assets import LIVE_PERPS
from harness.localnet.markets.tokens import PAIRS
from tests.localnet.desk import Desk, quiet

COINS = [perp.name for perp in LIVE_PERPS] + [pair.name for pair in PAIRS]


def walked(seed: int, *steps_ms: int) -> list[Decimal]:
    net = Localnet(market="walk", seed=seed)
    for ms in steps_ms:
        net.advance(ms)
    return [net.mid(coin) for coin in COINS]


def test_every_coin_moves_a_little_each_second() -> None:
    before, after = walked(0), walked(0, 10_000)
    moved = [abs(two / one - 1) for one, two in zip(before, after, strict=True)]
    assert sum(share > 0 for share in moved) > len(COINS) * 3 // 4
    assert max(moved) < Decimal("0.01")


def test_the_walk_goes_by_the_seed_and_not_by_who_looks() -> None:
    assert walked(1, 30_000) == walked(1, 10_000, 5_000, 15_000)
    assert walked(1, 30_000) != walked(2, 30_000)


def test_much_time_takes_longer_steps() -> None:
    net = Localnet(market="walk")
    net.advance(7 * 86_400_000)
    assert net.exchange.blocks < 4_000
    opening = {perp.name: Decimal(perp.mid) / 10**8 for perp in LIVE_PERPS}
    assert all(px / 10 * Decimal("0.99") < net.mid(coin) < px * 11 for coin, px in opening.items())


def test_quotes_set_by_hand_stand_still() -> None:
    net = Localnet(market="walk")
    quiet(net, bid="3000", ask="3200")
    net.advance(30_000)
    assert net.mid("ETH") == 3_100


def test_a_walking_price_trades_with_what_it_passes_and_loses_nothing() -> None:
    net = Localnet(market="walk")
    desk = Desk(net)
    total = net.total_usd()
    mid = net.mid("ETH")
    for bps in range(1, 20):
        px = (mid * (10_000 - bps) / 10_000).quantize(Decimal("0.1"))
        desk.rest(p=f"{px.normalize():f}", s="0.02")
    net.advance(3_600_000)
    assert len(desk.open_oids()) < 19
    assert net.total_usd() == total
    assert desk.position() != "0.0"


def test_paused_prices_stand_still() -> None:
    net = Localnet(market="walk")
    net.pause()
    before = net.mid("BTC")
    for _ in range(50):
        Desk(net).info("allMids")
    assert net.mid("BTC") == before
    net.resume()
    net.advance(10_000)
    assert net.mid("BTC") != before


def test_a_clock_that_runs_while_steps_are_taken_changes_none_of_them() -> None:
    class Running(VirtualClock):
        """Stands for a wall clock: once it runs, it is later each time it is read."""

        later_ms: int | None = None

        def now_ms(self) -> int:
            if self.later_ms is None:
                return super().now_ms()
            self.later_ms += 1
            return super().now_ms() + self.later_ms - 1

    def mids(clock: VirtualClock) -> list[int]:
        net = Localnet(clock, market="walk")
        clock.advance(3_600_000 + 1_000)
        if isinstance(clock, Running):
            clock.later_ms = 0
        net.exchange.begin_block()
        return [market.target_mid for market in net.exchange.all_markets()]

    assert mids(Running()) == mids(VirtualClock())
