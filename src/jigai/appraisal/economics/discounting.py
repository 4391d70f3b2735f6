"""Present value and annuity: money of different years made comparable."""

from __future__ import annotations

from math import expm1, inf, isfinite, log1p

import numpy as np
from numpy.typing import ArrayLike, NDArray

from jigai.appraisal.economics.outcome import Reason, because


def net_present_value(flows: ArrayLike, rate: float) -> float:
    """Return the net present value NPV = Σ flowₜ · (1 + rate)⁻ᵗ [yuan], t = 0, 1, 2 … [a].

    What it means: the money the measure is worth today, beyond earning ``rate`` elsewhere.

    Args:
        flows: net money in at the end of year t [yuan], shape (years + 1,); the first is paid today.
        rate: discount rate [1/a], real where the flows are at constant prices. A city's or enterprise's choice.

    Raises `ValueError` for flows that are not finite numbers, and for a rate of -100 % or less.

    References: any text on engineering economics, e.g. 建设项目经济评价方法与参数（第三版）, net present value.
    """
    return float(net_present_values(np.asarray(flows, dtype=np.float64)[np.newaxis, :], rate)[0])


def net_present_values(flows: ArrayLike, rate: float) -> NDArray[np.float64]:
    """Return the net present value of many measures at once [yuan], shape (measures,).

    ``flows`` has shape (measures, years + 1); measures of a shorter life end in zeros. See `net_present_value`.
    """
    money = checked(flows, 2)
    checked_rate(rate)
    return np.asarray(money @ (1.0 + rate) ** -np.arange(money.shape[1], dtype=np.float64), dtype=np.float64)


def annuity(rate: float, life: float) -> float | Reason:
    """Return the annuity factor rate / (1 − (1 + rate)⁻ˡⁱᶠᵉ) [1/a], what a year must bear of one yuan of capital.

    Args:
        rate: discount rate [1/a], not negative.
        life: how long the capital lasts [a], above zero; ``inf`` where it does not wear out.

    The degenerate cases: a rate of zero gives 1 / life, a life without end gives the rate, both together spread nothing
    and give a `Reason`. Raises `ValueError` for a negative rate and a life of zero or less.

    References: the factor of PyPSA ``pypsa/costs.py`` `annuity`, which gives 1 / life at a rate of zero likewise.
    """
    checked_rate(rate)
    if rate < 0 or not life > 0:
        raise ValueError(f"a rate of {rate} over {life} years spreads no capital: rate ≥ 0 and life > 0")
    if life == inf:
        return rate if rate > 0 else because("no_rate_no_end")
    # expm1 and log1p keep the digits of rates near zero, where 1 − (1 + rate)⁻ˡⁱᶠᵉ loses them
    spread = -expm1(-life * log1p(rate))
    return rate / spread if spread > 0 else 1.0 / life


def annualised_cost(capital: float, yearly_cost: float, rate: float, life: float) -> float | Reason:
    """Return what the measure costs a year: capital · annuity(rate, life) + yearly_cost [yuan/a].

    Args:
        capital: paid today, net of what the old device brings [yuan].
        yearly_cost: operating cost less what is saved [yuan/a]; negative where the saving is larger.
        rate: discount rate [1/a].
        life: of the new device [a], may be ``inf``.

    Below zero the measure earns more than it costs. A `Reason` where `annuity` has none.
    """
    factor = annuity(rate, life)
    return factor if isinstance(factor, Reason) else capital * factor + yearly_cost


def checked(flows: ArrayLike, dimensions: int) -> NDArray[np.float64]:
    """Return ``flows`` as an array of ``dimensions``; `ValueError` unless all are finite and there is at least one."""
    money = np.asarray(flows, dtype=np.float64)
    if money.ndim != dimensions or money.shape[-1] == 0 or not np.isfinite(money).all():
        raise ValueError(f"flows must be finite numbers in {dimensions} dimension(s), one a year: {flows!r}")
    return money


def checked_rate(rate: float) -> None:
    """Raise `ValueError` for a rate [1/a] that is no number or takes away more than there is."""
    if not isfinite(rate) or rate <= -1:
        raise ValueError(f"{rate} is no discount rate; 0.08 is 8 %")
