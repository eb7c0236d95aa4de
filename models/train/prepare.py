"""From raw inputs to what net and logistic regression learn from: signed logarithm, then standardisation."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Preparation:
    """z = (sign(x)·ln(1 + |x|/unit) - mean) / deviation, each [F], learned from the rows to fit on.

    The logarithm tames counts, days and money (unit 1). Shares are small, so theirs is the mean of those that are not
    0: their ratios count, and the net can see that a share is twice what it is elsewhere.
    """

    unit: np.ndarray
    mean: np.ndarray
    deviation: np.ndarray

    def apply(self, rows):
        """Raw [R, F] → prepared float32 [R, F]."""
        return ((signed_log(rows, self.unit) - self.mean) / self.deviation).astype(np.float32)


def learn_preparation(rows):
    size = np.abs(rows)
    used = np.maximum((size > 0).sum(axis=0), 1)
    typical = size.sum(axis=0, dtype=np.float64) / used
    unit = np.where(typical > 0, np.minimum(typical, 1.0), 1.0)
    values = signed_log(rows, unit)
    deviation = values.std(axis=0, dtype=np.float64)
    # An input that never changes says nothing; its deviation would be noise.
    return Preparation(unit, values.mean(axis=0, dtype=np.float64), np.where(deviation > 1e-6, deviation, 1.0))


def signed_log(rows, unit):
    return np.sign(rows) * np.log1p(np.abs(rows) / unit.astype(np.float32))
