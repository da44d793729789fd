"""What perpetuals and spot pairs have in common: decimals, ticks, lots. All prices and sizes are in 1e-8."""

from typing import Final, Self

from harness.localnet.numbers import E8

POWERS: Final[tuple[int, ...]] = tuple(10**exponent for exponent in range(9))


class Listing:
    """Something with a book.

    `index` is its number in orders (wire rules 16 and 17), `mid` its opening price.
    """

    __slots__ = ()

    index: int
    name: str
    sz_decimals: int
    mid: int

    def __deepcopy__(self, memo: object) -> Self:
        """Return itself: a copy of an exchange trades the same things."""
        return self

    @property
    def sz_step(self) -> int:
        """The smallest size, in 1e-8."""
        return POWERS[8 - self.sz_decimals]

    @property
    def px_step(self) -> int:
        """The finest price step that decimals allow, in 1e-8 (wire rule 22)."""
        raise NotImplementedError

    def tick_at(self, px: int) -> int:
        """Return the price step around `px`: five significant figures, or whole numbers, or the decimals."""
        figures, finest = len(str(px)) - 5, self.px_step
        if figures <= 0:
            return finest
        tick = POWERS[figures] if figures < 8 else E8
        return tick if tick > finest else finest

    def floor_px(self, px: int) -> int:
        """Return the highest legal price that is not above `px`."""
        return px - px % self.tick_at(px)

    def ceil_px(self, px: int) -> int:
        """Return the lowest legal price that is not below `px`."""
        return -(-px // self.tick_at(px)) * self.tick_at(px)

    def nearest_px(self, px: int) -> int:
        """Return the legal price nearest to `px`."""
        return self.floor_px(px + self.tick_at(px) // 2)
