"""The scoring alone, with FastAPI, scikit-learn and redis-py: no rules, caps, log or content.

Run as `/usr/bin/python3 bench/peers/scoring/server.py <port> <redis url>` (needs Debian's python3-fastapi,
python3-uvicorn, python3-uvloop, python3-httptools, python3-sklearn, python3-redis, python3-hiredis and libopenblas0;
without the last, numpy multiplies by the slow reference BLAS).
"""

import json
import os
import sys
from pathlib import Path

# One core is used; a product of 60 rows is not worth dividing. Read by the libraries when they are loaded.
for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np
import redis.asyncio as redis
import sklearn
import uvicorn
from fastapi import FastAPI, HTTPException
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import LabelBinarizer

NET = Path(__file__).parents[2] / "reference" / "net.json"
U8, F16, F32 = 36, 24, 4
FEATURES = U8 + F16 + F32
# As many as the reference decision scores, about.
ROWS = 60
BEST = 3

# The features were checked when they were written. As scikit-learn advises for prediction latency.
sklearn.set_config(assume_finite=True)


class Customer(BaseModel):
    id: str


class ScoresRequest(BaseModel):
    """The body of a decision; what else it says is not needed for scoring."""

    customer: Customer


class Score(BaseModel):
    actionId: str
    propensity: float


class Scores(BaseModel):
    customerId: str
    items: list[Score]


def classifier():
    """The net as scikit-learn fitted it, from its weights."""
    net = json.loads(NET.read_text("utf-8"))
    model = MLPClassifier((64, 32))
    model.coefs_ = [np.array(w, dtype=np.float32) for w in net["weights"]]
    model.intercepts_ = [np.array(b, dtype=np.float32) for b in net["biases"]]
    model.n_layers_ = len(model.coefs_) + 1
    model.n_outputs_ = 1
    model.n_features_in_ = len(model.coefs_[0])
    model.out_activation_ = "logistic"
    model._label_binarizer = LabelBinarizer().fit([0, 1])
    model.classes_ = model._label_binarizer.classes_
    return model


class Actions:
    """What the model reads of the actions, as a matrix; it is the same for every customer."""

    def __init__(self, told):
        self.ids = [action["id"] for action in told]
        self.columns = np.array([action["columns"] for action in told], dtype=np.float32)
        category = np.array([action["category"] for action in told])
        # Two features of each action's category, as positions among the customer's.
        self.pair = np.stack([U8 + category, category], axis=1)

    def rows(self, features):
        customer = np.broadcast_to(features, (len(self.ids), FEATURES))
        return np.hstack([customer, self.columns, features[self.pair]])


def make_app(redis_url):
    app = FastAPI()
    store = redis.from_url(redis_url)
    model = classifier()

    @app.on_event("startup")
    async def read_actions():
        app.state.actions = Actions(json.loads(await store.get("actions"))[:ROWS])

    # Described by `Scores` and answered directly: FastAPI would validate it once more, which takes longer than scoring.
    @app.post("/v1/scores", responses={200: {"model": Scores}})
    async def scores(request: ScoresRequest):
        packed = await store.get(f"features:{request.customer.id}")
        if packed is None:
            raise HTTPException(404, "nothing is known of this customer")
        actions = app.state.actions
        propensity = model.predict_proba(actions.rows(np.frombuffer(packed, dtype=np.float32)))[:, 1]
        best = np.argsort(-propensity)[:BEST]
        items = [{"actionId": actions.ids[i], "propensity": float(propensity[i])} for i in best]
        return JSONResponse({"customerId": request.customer.id, "items": items})

    @app.get("/healthz")
    async def health():
        await store.ping()
        # Which parser redis-py found: with hiredis it is faster.
        return {"status": "ok", "redisParser": redis.connection.DefaultParser.__name__}

    return app


if __name__ == "__main__":
    port, redis_url = sys.argv[1:]
    uvicorn.run(
        make_app(redis_url),
        host="127.0.0.1",
        port=int(port),
        loop="uvloop",
        http="httptools",
        access_log=False,
        log_level="warning",
        backlog=4096,
    )
