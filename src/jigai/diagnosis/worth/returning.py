"""Whether a measure pays: the economics over the machines that are both priced and appraised."""

from __future__ import annotations

from collections.abc import Iterable

from jigai.appraisal.economics.outcome import Reason
from jigai.appraisal.economics.payback import simple_payback
from jigai.appraisal.economics.summary import Investment, appraise
from jigai.diagnosis.worth.model import DeviceWorth, Price, Returns, Spread, Words
from jigai.diagnosis.worth.words import words

DISCOUNTED = ("discounted", "npv", "irr", "yearly_cost", "per_tce", "per_tco2")


def summed(parts: Iterable[Spread | None]) -> Spread | None:
    """Return the sum of what is known, lows to lows and highs to highs; None where nothing is."""
    known = [one for one in parts if one is not None]
    return sum(known[1:], known[0]) if known else None


def returns(price: Price | None, devices: tuple[DeviceWorth, ...], rate: float | None) -> Returns | None:
    """Return whether it pays; None where there is no price, or no saving in money of a machine that has one.

    A price of the whole measure is set against the savings of all its machines, and only where all are appraised:
    else the saving of some would have to pay for all.
    """
    if price is None:
        return None
    priced = set(price.devices)
    both = [one for one in devices if one.money is not None and one.device_id in priced]
    saving = summed(one.money for one in both)
    complete = len(both) == len(priced)
    if saving is None or not complete:
        return None
    capital = price.capital
    back, soonest, latest = (simple_payback(capital, one) for one in (saving.likely, saving.high, saving.low))
    reasons: list[tuple[str, Words]] = []
    figures: dict[str, float | None] = dict.fromkeys(DISCOUNTED)
    if rate is None or price.life_years is None:
        reasons += [(name, words("no_rate" if rate is None else "no_life")) for name in DISCOUNTED]
    else:
        tce, co2 = summed(one.tce for one in both), summed(one.co2 for one in both)
        one = appraise(
            Investment(
                capital,
                saving.likely,
                price.life_years,
                rate,
                energy_tce=tce.likely if tce else 0.0,
                carbon_t=co2.likely if co2 else 0.0,
            )
        )
        said = (one.discounted_payback, one.npv, one.irr, one.annualised_cost, one.cost_per_tce, one.cost_per_tco2)
        for name, figure in zip(DISCOUNTED, said, strict=True):
            figures[name] = _figure(figure, name, reasons)
    return Returns(
        machines=sum(one.machines for one in both),
        capital=capital,
        saving=saving,
        payback=_figure(back, "payback", reasons),
        payback_low=_figure(soonest, "payback_low", reasons),
        payback_high=_figure(latest, "payback_high", reasons),
        reasons=tuple(reasons),
        **figures,
    )


def _figure(outcome: float | Reason, name: str, reasons: list[tuple[str, Words]]) -> float | None:
    if isinstance(outcome, Reason):
        reasons.append((name, Words(outcome.key, outcome.zh, outcome.en)))
        return None
    return outcome
