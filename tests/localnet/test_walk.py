"""Prices that walk by themselves, the same way each time."""

from decimal import Decimal
from pathlib import Path

from harness.localnet import Localnet, saves
from harness.localnet.assets import LIVE_PERPS
from harness.localnet.clock import VirtualClock
from harness.localnet.tokens import PAIRS
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


class Hurrying(VirtualClock):
    """A clock that runs on while the exchange works, as that of a busy machine does."""

    hurry_ms = 0

    def now_ms(self) -> int:
        """Return the time, which is later each time."""
        self.advance(self.hurry_ms)
        return super().now_ms()


def test_a_walk_does_not_depend_on_how_fast_the_machine_is(tmp_path: Path) -> None:
    clock = Hurrying()
    net = Localnet(clock, accounts=1, market="walk", keep_log=True)
    clock.hurry_ms = 700
    net.advance(135_000)
    clock.hurry_ms = 0
    saves.dump(net, tmp_path / "state")
    again = saves.load(tmp_path / "state")
    assert again.mid("ETH") == net.mid("ETH")
