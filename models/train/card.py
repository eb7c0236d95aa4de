"""The model card: what a reader must know before this model decides anything."""

import numpy as np


def card_text(manifest, data, parts, metrics, settings):
    target, training = manifest["target"], manifest["training"]
    return f"""# {manifest["name"]} {manifest["version"]}

{manifest["output"]["meaning"].capitalize()}, for one customer and one action.

A small net (two hidden layers, 64 and 32, beside a linear term) over the inputs below; signed logarithm and
standardisation are part of the graph. {manifest["calibration"]}.

## Data

{training["data"]}. Target: `{target["outcome"]}` within {target["within"]}, given the {target["given"]}.
As-of days trained on: {", ".join(training["asOf"])}. Feature set versions: {", ".join(map(str, data.about["featureVersions"]))}.

| part | rows | customers | positives |
|---|---:|---:|---:|
{part_lines(data, parts)}

Customers stand in one part only. The weights see *fit*; early stopping and calibration see *validation*; what is
reported below comes from *dev*{f", as of {settings.test_asof}" if settings.test_asof else ""}.

## How good it is

| on dev customers | log loss | AUC | ECE (10 bins) | base rate | observed / expected |
|---|---:|---:|---:|---:|---:|
{metric_lines(metrics)}

## Inputs

| tensor | name | reads | typical (5 %, median, 95 %) |
|---|---|---|---|
{input_lines(data, parts)}

## Limits

- It knows only what its inputs say, as of the day the features were built; it learned from the days named above.
- It predicts what customers do, not what a contact changes: a high propensity is no proof that the contact helps.
- An action unlike those of the training data is judged by its attributes alone.
- Calibration holds for the mix of customers and actions above; watch observed / expected on what is chosen.

## Train it again

```sh
python3 models/train/train.py --data DATASET --out MODEL_FOLDER {command(settings)}
```
"""


def part_lines(data, parts):
    lines = []
    for name, rows in (("fit", parts.fit), ("validation", parts.validation), ("dev", parts.test)):
        people = len(np.unique(data.customer[rows]))
        lines.append(f"| {name} | {len(rows):,} | {people:,} | {int(data.labels[rows].sum()):,} |")
    return "\n".join(lines)


def metric_lines(metrics):
    names = {"dev": "this model", "logisticRegression": "logistic regression, same inputs"}
    return "\n".join(
        f"| {names[of]} | {m['logLoss']:.5f} | {m['auc']:.4f} | {m['ece']:.4f} | {m['baseRate']:.4f}"
        f" | {m['observedExpected']:.3f} |"
        for of, m in metrics.items()
    )


def input_lines(data, parts):
    sample = np.asarray(data.rows[parts.fit[:: max(1, len(parts.fit) // 20000)]])
    typical = np.percentile(sample, [5, 50, 95], axis=0).T
    inputs = [(part, one) for part in ("customer", "action", "pair") for one in data.about["inputs"][part]]
    return "\n".join(
        f"| {part} | {one['name']} | {reads(one)} | {', '.join(f'{value:.4g}' for value in values)} |"
        for (part, one), values in zip(inputs, typical)
    )


def reads(one):
    """`feature x`, `attribute price`, `property tier = service`"""
    kind = next(key for key in ("feature", "attribute", "property", "field") if key in one)
    return f"{kind} `{one[kind]}`" + (f" = {one['equals']}" if "equals" in one else "")


def command(settings):
    """The options as they were given, without the two folders."""
    words, skip = [], False
    for word in settings.argv:
        if skip or word.startswith(("--data=", "--out=")):
            skip = False
        elif word in ("--data", "--out"):
            skip = True
        else:
            words.append(word)
    return " ".join(words)
