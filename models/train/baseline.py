"""The baseline on the same inputs: scikit-learn's logistic regression, its predictions laid beside the dataset."""

import numpy as np
from sklearn.linear_model import LogisticRegression


def fit_baseline(x, y):
    """x [R, F] prepared, y [R], of all train customers, those for validation too: it needs none."""
    return LogisticRegression(C=1.0, max_iter=500).fit(x, y)


def predict_baseline(model, x):
    return model.predict_proba(x)[:, 1].astype("<f4")


def write_baseline(folder, rows, predicted):
    """baselines/test-rows.u32 (row numbers) and baselines/logreg.f32 (their probabilities)."""
    target = folder / "baselines"
    target.mkdir(exist_ok=True)
    rows.astype("<u4").tofile(target / "test-rows.u32")
    predicted.tofile(target / "logreg.f32")
