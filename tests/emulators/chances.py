"""Troubles of a provider: each a fixed number of times, or by a seeded chance, as chaos runs want them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping

from bot.simulator.faults import Fault, Faults


class Chances(Faults):
    """Faults that also happen by chance. `happened` counts every one that did."""

    def __init__(self, rates: Mapping[Fault, float] | None = None, *, seed: int = 0) -> None:
        super().__init__()
        self.rates = dict(rates or {})
        self.happened: Counter[Fault] = Counter()
        self._random = random.Random(seed)

    def take(self, fault: Fault) -> bool:
        """Whether `fault` happens now, because it was set or by chance."""
        taken = super().take(fault) or self._random.random() < self.rates.get(fault, 0.0)
        self.happened[fault] += taken
        return taken
