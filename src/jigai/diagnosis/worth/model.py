"""What the measures of an enterprise are worth: frozen, plain to write down, every figure with what it rests on.

Amounts of a year are low, likely and high (worst cases, not odds, see ``docs/explanation/appraisal.md``). A figure that
cannot be had is absent with a reason in words; nothing is filled in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from jigai.diagnosis.model import Diagnosis

APPRAISED, UNDECIDED, REFUSED = "appraised", "undecided", "refused"


@dataclass(frozen=True)
class Spread:
    """An amount of a year with its range; the unit is that of the field it stands in."""

    low: float
    likely: float
    high: float

    def __add__(self, other: Spread) -> Spread:
        return Spread(self.low + other.low, self.likely + other.likely, self.high + other.high)


@dataclass(frozen=True)
class Words:
    """A text in both languages: ``key`` is a row of ``data/worth_reasons.csv``, empty where the text is another's."""

    key: str
    zh: str
    en: str


@dataclass(frozen=True)
class DeviceWorth:
    """What doing a measure to one ledger line saves in a year, as `jigai.appraisal.devices.appraise` says it.

    Attributes:
        device_id: the ledger line; ``appraisal`` the formula (``appraisal/data/measures.csv``).
        machine: what counts as one machine when savings are summed: a ``machine`` of the running facts, else the
            equipment number of the ledger, else the line itself.
        status: appraised, undecided (``missing`` names the inputs) or refused (less service: ``refused``).
        unit: of ``before``, ``after`` and ``saving``: kWh/a, or kgce/a where fuel is burnt.
        tce: standard coal [tce/a]; co2: carbon dioxide [t/a]; money: energy cost [yuan/a].
        inputs: every input with value and origin, ``hours=6000@enterprise;…``; ``assumptions`` those assumed.
        sample: rests on a sample assumption or price: 测算示例.
    """

    device_id: str
    appraisal: str
    machine: str
    machines: int
    status: str
    unit: str | None
    before: float | None
    after: float | None
    saving: Spread | None
    tce: Spread | None
    co2: Spread | None
    money: Spread | None
    inputs: str
    assumptions: str
    missing: tuple[str, ...]
    refused: Words | None
    certainty: str | None
    origin: str | None
    sample: bool


@dataclass(frozen=True)
class Price:
    """What a measure costs once [yuan, without deductible VAT], for ``machines`` machines of its devices.

    ``equipment`` are the new devices, ``more`` transport, installation, commissioning, removal; ``old`` what the old
    devices bring, None while nobody has said. ``origin`` is the weakest of the prices used (D27), ``documents`` name
    them, ``devices`` are the ledger lines priced (empty for a price of the whole measure).
    """

    equipment: float
    more: float
    old: float | None
    machines: int
    devices: tuple[str, ...]
    whole: bool
    life_years: float | None
    origin: str
    documents: tuple[str, ...]
    sample: bool

    @property
    def capital(self) -> float:
        """What is paid, less what the old devices bring [yuan]."""
        return self.equipment + self.more - (self.old or 0.0)


@dataclass(frozen=True)
class Returns:
    """Whether a measure pays, over the machines that are both priced and appraised; each a figure or a reason.

    ``capital`` [yuan] and ``saving`` [yuan/a] of those ``machines``. ``payback`` is simple payback [a]: low is that at
    the highest saving. The others are at the likely saving: ``discounted`` [a], ``npv`` [yuan], ``irr`` [1/a],
    ``yearly_cost`` [yuan/a], ``per_tce`` [yuan/tce], ``per_tco2`` [yuan/t]. ``reasons`` tell what each lacks, by name.
    """

    machines: int
    capital: float
    saving: Spread
    payback: float | None
    payback_low: float | None
    payback_high: float | None
    discounted: float | None
    npv: float | None
    irr: float | None
    yearly_cost: float | None
    per_tce: float | None
    per_tco2: float | None
    reasons: tuple[tuple[str, Words], ...]


@dataclass(frozen=True)
class Tested:
    """One thing an instrument asks: its outcome (None: not known), the clause, and what to bring."""

    field: str
    zh: str
    en: str
    clause: str
    holds: bool | None
    certainty: str | None
    origin: str | None
    says_zh: str | None
    says_en: str | None
    proof_zh: str | None
    proof_en: str | None


@dataclass(frozen=True)
class Aid:
    """One support instrument: what the calculator answers (`jigai.appraisal.support`), written plainly.

    ``low``, ``high`` [yuan] as text to the fen, None where no amount can be told (``no_amount``). ``subject`` is the
    measure, the loan, or empty for the project and the enterprise. Answers made with a tax payable never get here.
    """

    instrument: str
    zh: str
    en: str
    subject: str
    status: str
    against: bool
    document: str
    number_unsure: bool
    certainty: str
    low: str | None
    high: str | None
    by_year: tuple[tuple[str, str, str], ...]
    no_amount: Words | None
    tests: tuple[Tested, ...]
    next_zh: str
    next_en: str
    notes: tuple[Words, ...]
    until: str | None
    sample: bool


@dataclass(frozen=True)
class Worth:
    """What one measure is worth; it is what joins the measure's slot (`jigai.diagnosis.model.Appraised`).

    ``appraised`` counts the machines behind ``tce``, ``co2`` and ``money`` of ``machines`` in all. ``why`` says why
    there is no saving, no price or no return where there is none. ``sample``: 测算示例, see `listing`.
    """

    measure: str
    machines: int
    appraised: int
    devices: tuple[DeviceWorth, ...]
    tce: Spread | None
    co2: Spread | None
    money: Spread | None
    price: Price | None
    returns: Returns | None
    aids: tuple[Aid, ...]
    why: tuple[Words, ...]
    sample: bool

    @property
    def reference(self) -> str:
        """Name of the appraisal: the measure's own id."""
        return self.measure

    @property
    def payback_years(self) -> float | None:
        """Simple payback at the likely saving [a]; None while it is not known or never comes."""
        return self.returns.payback if self.returns else None

    @property
    def co2_t(self) -> float | None:
        """Carbon dioxide avoided, likely [t/a]."""
        return self.co2.likely if self.co2 else None


@dataclass(frozen=True)
class Total:
    """The sums of an enterprise: no machine's saving counts twice, no sample counts at all beside what is sure.

    ``tce`` [tce/a], ``co2`` [t/a], ``money`` [yuan/a] over ``machines``; ``shared`` are ledger lines whose saving was
    left out because the same machine already counts with another measure. ``capital`` [yuan] of ``priced`` measures.
    ``sample`` marks sums that rest on a sample assumption.
    """

    machines: int
    tce: Spread | None
    co2: Spread | None
    money: Spread | None
    capital: float | None
    priced: int
    measures: int
    shared: tuple[str, ...]
    sample: bool


@dataclass(frozen=True)
class Costed:
    """A diagnosis with what its measures are worth, in the order of its measures, and the sums.

    ``aids`` are the instruments for the project and the enterprise as a whole; those for what a measure buys stand
    with the measure. ``place`` is whose grid factor holds.
    """

    diagnosis: Diagnosis
    worths: tuple[Worth, ...]
    aids: tuple[Aid, ...]
    total: Total
    place: str | None

    def worth(self, measure: str) -> Worth:
        """Return the worth of a measure by its id; ``KeyError`` for one that is not here."""
        for one in self.worths:
            if one.measure == measure:
                return one
        raise KeyError(f"no measure {measure} in the diagnosis of {self.diagnosis.enterprise_id}")


ENDS: Final = ("low", "likely", "high")
