"""The baseline on the same inputs: scikit-learn's logistic regression, its predictions laid beside the dataset."""

import numpy as np
from sklearn.linear_model import LogisticRegression


def write_baseline(folder, x, y, test, x_test):
    """Fits on x [R, F], y [R] (all train customers) and writes baselines/test-rows.u32 and baselines/logreg.f32."""
    model = LogisticRegression(C=1.0, max_iter=500).fit(x, y)
    predicted = model.predict_proba(x_test)[:, 1].astype("<f4")
    target = folder / "baselines"
    target.mkdir(exist_ok=True)
    test.astype("<u4").tofile(target / "test-rows.u32")
    predicted.tofile(target / "logreg.f32")
    return predicted
