"""How good probabilities are: y are labels 0 or 1, p probabilities, both [R]."""

import numpy as np


def log_loss(y, p):
    """Mean of -ln(probability given to what happened); probabilities are kept 1e-7 away from 0 and 1."""
    p = np.clip(p.astype(np.float64), 1e-7, 1 - 1e-7)
    return float(-np.mean(np.where(y > 0, np.log(p), np.log1p(-p))))


def auc(y, p):
    """Chance that a positive scores above a negative, ties half (Mann-Whitney U by mid-ranks)."""
    _, inverse, counts = np.unique(p, return_inverse=True, return_counts=True)
    middle_rank = np.cumsum(counts) - (counts - 1) / 2
    positives = int(y.sum())
    negatives = len(y) - positives
    rank_sum = middle_rank[inverse][y > 0].sum()
    return float((rank_sum - positives * (positives + 1) / 2) / (positives * negatives))


def ece(y, p, bins=10):
    """Expected calibration error: mean |observed rate - mean probability| over equally frequent bins."""
    order = np.argsort(p, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    return float(sum(abs(float(y[i].mean()) - float(p[i].mean())) * len(i) for i in parts) / len(y))


def all_metrics(y, p):
    """The figures of manifest and card."""
    p = p.astype(np.float64)
    return {
        "logLoss": log_loss(y, p),
        "auc": auc(y, p),
        "ece": ece(y, p),
        "baseRate": float(y.mean()),
        "observedExpected": float(y.sum() / p.sum()),
    }
