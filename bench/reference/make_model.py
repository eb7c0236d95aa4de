"""Makes the reference model: `python3 bench/reference/make_model.py` (needs Debian's python3-sklearn and python3-onnx).

A net of two hidden layers, 64 and 32, fitted by scikit-learn on synthetic rows, the same numbers for the same seed; in
three forms:

models/reference/1/   as Emma serves it: customer [B,1,Fc], action [N,Fa], pair [B,N,Fp] -> propensity [B,N]
row-wise.onnx         as most people export it: rows [N,F] -> propensity [N]
net.json              its weights, from which a peer makes the MLPClassifier again
"""

import hashlib
import json
import warnings
from pathlib import Path

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper
from sklearn.neural_network import MLPClassifier

HERE = Path(__file__).parent
FOLDER = HERE / "models" / "reference" / "1"
CUSTOMER = [f"u8_{i}" for i in range(36)] + [f"f16_{i}" for i in range(24)] + [f"f32_{i}" for i in range(4)]
GROUPS = 8
ACTION = ["price", "margin", "popularity", "novelty"]
WIDTHS = (len(CUSTOMER), len(ACTION) + GROUPS, 2)
ROWS = 40_000
GOLDEN_ROWS = 100


def inputs():
    """As the manifest names them, in the order of the rows."""
    action = [{"name": name, "source": "action", "attribute": name} for name in ACTION]
    groups = [
        {"name": f"group_{i}", "source": "action", "property": "group", "equals": f"group-{i}"} for i in range(GROUPS)
    ]
    pair = [
        {"name": "share_of_category", "source": "pair", "feature": "f16_{category}"},
        {"name": "count_of_category", "source": "pair", "feature": "u8_{category}"},
    ]
    return {
        "customer": [{"name": name, "source": "customer", "feature": name} for name in CUSTOMER],
        "action": action + groups,
        "pair": pair,
    }


def synthetic(random):
    """Rows as the reference shop has them, and whether somebody bought."""
    u8 = random.integers(0, 256, (ROWS, 36))
    f16 = np.round(random.random((ROWS, 24)), 3)
    f32 = np.round(random.random((ROWS, 4)) * 1e4, 2)
    number = random.integers(0, 100, ROWS)
    attributes = np.stack(
        [5 + (number * 37) % 200, ((number * 11) % 50) / 100, ((number * 17) % 100) / 100, ((number * 29) % 100) / 100], 1
    )
    groups = np.eye(GROUPS)[number % GROUPS]
    category = number % 24
    share, count = np.take_along_axis(f16, category[:, None], 1), np.take_along_axis(u8, category[:, None], 1)
    rows = np.hstack([u8, f16, f32, attributes, groups, share, count]).astype(np.float32)
    logit = -3.2 + 2 * share[:, 0] + count[:, 0] / 128 - attributes[:, 0] / 100 + attributes[:, 2] - f16[:, 0]
    return rows, random.random(ROWS) < 1 / (1 + np.exp(-logit))


def fitted():
    random = np.random.default_rng(20_261_129)
    rows, bought = synthetic(random)
    mean, deviation = rows.mean(0), rows.std(0) + 1e-6
    net = MLPClassifier((64, 32), max_iter=12, random_state=1, batch_size=500)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        net.fit((rows - mean) / deviation, bought)
    # The scaling goes into the first layer: every form reads raw rows.
    first = net.coefs_[0] / deviation[:, None]
    bias = net.intercepts_[0] - mean @ first
    weights = [first, *net.coefs_[1:]]
    return rows, [w.astype(np.float32) for w in weights], [
        b.astype(np.float32) for b in (bias, *net.intercepts_[1:])
    ]


def constant(name, values):
    return numpy_helper.from_array(np.ascontiguousarray(values, dtype=np.float32), name)


def tail(weights, biases, first, last_axis):
    """The layers after the first, from its sums on."""
    nodes = [
        helper.make_node("Relu", [first], ["h1"]),
        helper.make_node("MatMul", ["h1", "w2"], ["m2"]),
        helper.make_node("Add", ["m2", "b2"], ["a2"]),
        helper.make_node("Relu", ["a2"], ["h2"]),
        helper.make_node("MatMul", ["h2", "w3"], ["m3"]),
        helper.make_node("Add", ["m3", "b3"], ["logit"]),
        helper.make_node("Sigmoid", ["logit"], ["p"]),
        helper.make_node("Squeeze", ["p", "axis"], ["propensity"]),
    ]
    constants = [constant("w2", weights[1]), constant("b2", biases[1]), constant("w3", weights[2])]
    axis = numpy_helper.from_array(np.array([last_axis], dtype=np.int64), "axis")
    return nodes, [*constants, constant("b3", biases[2]), axis]


def save(path, name, nodes, takes, gives, constants):
    graph = helper.make_graph(nodes, name, takes, gives, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    checker.check_model(model)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(model.SerializeToString())
    return hashlib.sha256(path.read_bytes()).hexdigest()


def floats(name, shape):
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


def write_broadcast(weights, biases):
    customer, action, pair = np.split(weights[0], np.cumsum(WIDTHS)[:-1])
    nodes = [
        helper.make_node("MatMul", ["customer", "wc"], ["mc"]),
        helper.make_node("Add", ["mc", "b1"], ["c"]),
        helper.make_node("MatMul", ["action", "wa"], ["a"]),
        helper.make_node("MatMul", ["pair", "wp"], ["mp"]),
        helper.make_node("Add", ["c", "a"], ["ca"]),
        helper.make_node("Add", ["mp", "ca"], ["a1"]),
    ]
    more, constants = tail(weights, biases, "a1", -1)
    constants += [constant("wc", customer), constant("wa", action), constant("wp", pair), constant("b1", biases[0])]
    takes = [floats("customer", ["B", 1, WIDTHS[0]]), floats("action", ["N", WIDTHS[1]])]
    takes.append(floats("pair", ["B", "N", WIDTHS[2]]))
    return save(FOLDER / "model.onnx", "reference", nodes + more, takes, [floats("propensity", ["B", "N"])], constants)


def write_row_wise(weights, biases):
    nodes = [
        helper.make_node("MatMul", ["rows", "w1"], ["m1"]),
        helper.make_node("Add", ["m1", "b1"], ["a1"]),
    ]
    more, constants = tail(weights, biases, "a1", -1)
    constants += [constant("w1", weights[0]), constant("b1", biases[0])]
    save(HERE / "row-wise.onnx", "reference-rows", nodes + more, [floats("rows", ["N", sum(WIDTHS)])], [floats("propensity", ["N"])], constants)


def propensity(rows, weights, biases):
    hidden = np.maximum(rows @ weights[0] + biases[0], 0)
    hidden = np.maximum(hidden @ weights[1] + biases[1], 0)
    return 1 / (1 + np.exp(-(hidden @ weights[2] + biases[2])[:, 0]))


def write_folder(rows, weights, biases, checksum):
    manifest = {
        "format": "emma-model/1",
        "name": "reference",
        "version": "1",
        "form": "broadcast",
        "target": {"outcome": "conversion", "within": "7d", "given": "impression"},
        "inputs": inputs(),
        "output": {"name": "propensity", "meaning": "made for a measurement: of nothing in particular"},
        "calibration": "none",
        "file": {"name": "model.onnx", "sha256": checksum},
        "training": {"data": "synthetic", "rows": ROWS, "asOf": ["2026-11-01"], "date": "2026-11-29"},
        "metrics": {},
    }
    dump(FOLDER / "manifest.json", manifest, indent=1)
    customer, action, pair = np.split(rows[:GOLDEN_ROWS], np.cumsum(WIDTHS)[:-1], axis=1)
    one = np.hstack([np.repeat(customer[:1], GOLDEN_ROWS, 0), action, pair])
    golden = {
        "tolerance": 1e-4,
        "customer": exact(customer[0]),
        "action": [exact(row) for row in action],
        "pair": [exact(row) for row in pair],
        "expected": exact(propensity(one, weights, biases).astype(np.float32)),
    }
    dump(FOLDER / "golden.json", golden)


def exact(values):
    """The shortest decimals that read back as the same float32."""
    return [int(value) if float(value).is_integer() else float(str(value)) for value in values]


def dump(path, value, indent=None):
    separators = None if indent else (",", ":")
    path.write_text(json.dumps(value, indent=indent, separators=separators) + "\n", "utf-8")


if __name__ == "__main__":
    rows, weights, biases = fitted()
    write_folder(rows, weights, biases, write_broadcast(weights, biases))
    write_row_wise(weights, biases)
    dump(HERE / "net.json", {"weights": [[exact(row) for row in w] for w in weights], "biases": [exact(b) for b in biases]})
