"""What a replacement costs to buy and to run, and what the old device still brings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from jigai.appraisal.economics.outcome import Reason, because

ORIGINS: Final = ("invoice", "quotation", "enterprise", "supply_list", "city_assumption")
"""Where an amount can come from, the surest first (decision D27)."""


@dataclass(frozen=True)
class Capital:
    """What is paid once [yuan], all without deductible VAT.

    Attributes:
        equipment: price of the new devices.
        transport: to the site.
        installation: foundations, wiring, piping and putting in.
        commissioning: trial runs and training.
        removal: taking the old device out.
        downtime: profit lost while nothing is made.
        old_device: what the old device brings when sold; 0 while nobody has said.
    """

    equipment: float
    transport: float = 0.0
    installation: float = 0.0
    commissioning: float = 0.0
    removal: float = 0.0
    downtime: float = 0.0
    old_device: float = 0.0

    @property
    def gross(self) -> float:
        """All that is paid [yuan]."""
        once = self.equipment + self.transport + self.installation + self.commissioning
        return once + self.removal + self.downtime

    @property
    def net(self) -> float:
        """What is paid less what the old device brings [yuan]; below zero where the old one brings more."""
        return self.gross - self.old_device


@dataclass(frozen=True)
class Operation:
    """What one way of working costs a year [yuan/a]: with the old device, or with the new one."""

    energy: float
    maintenance: float = 0.0
    labour: float = 0.0
    materials: float = 0.0
    other: float = 0.0

    @property
    def cost(self) -> float:
        """The sum [yuan/a]."""
        return self.energy + self.maintenance + self.labour + self.materials + self.other


def yearly_saving(before: Operation, after: Operation) -> float:
    """Return what the new way of working costs less in a year [yuan/a]; negative where it costs more."""
    return before.cost - after.cost


@dataclass(frozen=True)
class Worth:
    """What somebody says the old device brings when sold [yuan]: ``origin`` one of `ORIGINS`, ``sample`` if 示例."""

    amount: float
    origin: str
    sample: bool = False

    def __post_init__(self) -> None:
        if self.origin not in ORIGINS:
            raise ValueError(f"origin {self.origin!r} is none of {', '.join(ORIGINS)}")


def residual_value(said: Iterable[Worth]) -> Worth | Reason:
    """Return what the old device is worth: the word of the surest origin, of several the lowest amount.

    The lowest, because a measure must not pay by hoping for the best of two offers. Nobody's word is a `Reason`: a book
    value is no offer and is never put in its place.
    """
    ranked = sorted(said, key=lambda one: (ORIGINS.index(one.origin), one.sample, one.amount))
    return ranked[0] if ranked else because("no_residual_origin")


def scrap_value(mass_t: float, price_per_t: float, removal: float = 0.0) -> float:
    """Return mass · price − removal [yuan]: what metal for melting brings, below zero where taking it out costs more.

    Args:
        mass_t: mass that can be sold [t].
        price_per_t: price of scrap on the day [yuan/t]; it comes with its own origin.
        removal: cost of dismantling that the buyer does not bear [yuan].
    """
    return mass_t * price_per_t - removal


def book_value(original: float, years_used: float, life: float, salvage_share: float) -> float:
    """Return the straight-line net value of a device [yuan], never below its salvage value.

    original · (1 − (1 − salvage_share) · years_used / life). It says what is still to be written off when the device
    goes, and whether 已提足折旧 (fully depreciated) holds; it is not what a buyer pays.

    Args:
        original: value entered in the books [yuan].
        years_used: since the month after it entered service [a].
        life: depreciation life [a], above zero.
        salvage_share: share that is never written off [1], 0–1, as the enterprise's books have it.
    """
    if not life > 0 or not 0 <= salvage_share <= 1 or years_used < 0:
        raise ValueError(f"life {life} > 0, salvage share {salvage_share} 0–1, years used {years_used} ≥ 0")
    return original * (1.0 - (1.0 - salvage_share) * min(years_used / life, 1.0))
