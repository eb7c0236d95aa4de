"""Writes what Emma serves: model.onnx, manifest.json, golden.json, labelled.ndjson and card.md."""

import hashlib
import json

import numpy as np
import torch

from card import card_text

GOLDEN_ACTIONS = 100
LABELLED_ROWS = 6000
LABELLED_BYTES = 1_000_000


def write_model_folder(folder, served, data, parts, metrics, settings):
    """`served` is a BroadcastNet; the folder is created or written over."""
    folder.mkdir(parents=True, exist_ok=True)
    checksum = write_graph(folder / "model.onnx", served, data.widths)
    manifest = {
        "format": "emma-model/1",
        "name": settings.name,
        "version": settings.version,
        "form": "broadcast",
        "target": {"outcome": settings.outcome, "within": settings.within, "given": settings.given},
        "inputs": data.about["inputs"],
        "output": {
            "name": "propensity",
            "meaning": f"probability of {settings.outcome} within {settings.within} of the {settings.given}",
        },
        "calibration": "Platt scaling of the logit, fitted on validation customers and folded into the graph",
        "file": {"name": "model.onnx", "sha256": checksum},
        "training": {
            "data": data_text(data),
            "rows": len(parts.fit),
            "asOf": [data.about["asOf"][i] for i in np.unique(data.as_of[parts.fit])],
            "date": settings.date,
        },
        "evidence": evidence(data, parts),
        "metrics": flat(metrics),
    }
    write_json(folder / "manifest.json", manifest, indent=2)
    write_json(folder / "golden.json", golden(served, data, parts))
    write_labelled(folder / "labelled.ndjson", data, parts)
    (folder / "card.md").write_text(card_text(manifest, data, parts, metrics, settings), "utf-8")


def evidence(data, parts):
    """Rows that the weights saw, by action; an action that is not in the dataset was never seen."""
    actions = data.about["actions"]
    counts = np.bincount(data.action[parts.fit], minlength=len(actions))
    return {"actions": dict(zip(actions, counts.tolist())), "others": 0}


def write_graph(path, served, widths):
    """Exports to ONNX opset 17, B (customers) and N (actions) free; returns the file's SHA-256."""
    customer, action, pair = widths
    example = (torch.zeros(2, 1, customer), torch.zeros(3, action), torch.zeros(2, 3, pair))
    torch.onnx.export(
        served,
        example,
        str(path),
        opset_version=17,
        input_names=["customer", "action", "pair"],
        output_names=["propensity"],
        dynamic_axes={
            "customer": {0: "B"},
            "action": {0: "N"},
            "pair": {0: "B", 1: "N"},
            "propensity": {0: "B", 1: "N"},
        },
    )
    return hashlib.sha256(path.read_bytes()).hexdigest()


def cut(data, rows):
    """Rows [n, F] as (customer [n, Fc], action [n, Fa], pair [n, Fp])."""
    return np.split(np.asarray(data.rows[rows]), np.cumsum(data.widths)[:-1], axis=1)


def golden(served, data, parts):
    """One dev customer and at least 100 actions: the customer's own rows first, then rows of other customers."""
    own = parts.test[data.customer[parts.test] == data.customer[parts.test[0]]]
    others = parts.test[:: max(1, len(parts.test) // GOLDEN_ACTIONS)]
    rows = np.concatenate([own, others])[:GOLDEN_ACTIONS]
    customer, action, pair = cut(data, np.resize(rows, GOLDEN_ACTIONS))
    with torch.no_grad():
        expected = served(*(torch.from_numpy(part.copy()) for part in (customer[None, :1], action, pair[None])))
    return {
        "tolerance": 1e-5,
        "customer": exact(customer[0]),
        "action": [exact(row) for row in action],
        "pair": [exact(row) for row in pair],
        "expected": exact(expected[0].numpy()),
    }


def write_labelled(path, data, parts):
    """A seeded sample of the dev rows, in the dataset's order, at most LABELLED_BYTES."""
    shuffled = np.random.default_rng(1).permutation(parts.test)[:LABELLED_ROWS]
    lines, size = {}, 0
    for row in shuffled:
        customer, action, pair = cut(data, [row])
        label = int(data.labels[row])
        line = dump({"customer": exact(customer[0]), "action": exact(action[0]), "pair": exact(pair[0]), "label": label})
        size += len(line) + 1
        if size > LABELLED_BYTES:
            break
        lines[row] = line
    path.write_text("".join(f"{lines[row]}\n" for row in sorted(lines)), "utf-8")


def exact(values):
    """The shortest decimals that read back as the same float32."""
    return [int(value) if float(value).is_integer() else float(str(value)) for value in values]


def dump(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def write_json(path, value, indent=None):
    text = json.dumps(value, indent=indent, ensure_ascii=False) if indent else dump(value)
    path.write_text(text + "\n", "utf-8")


def flat(metrics):
    """{dev: {auc}} → {devAuc}, six digits."""
    return {
        f"{of}{name[0].upper()}{name[1:]}": round(value, 6)
        for of, values in metrics.items()
        for name, value in values.items()
    }


def data_text(data):
    about = data.about
    return f"{about['rows']} rows of {len(data.customers)} customers and {len(about['actions'])} actions, rate {about['baseRate']:.4f}"
