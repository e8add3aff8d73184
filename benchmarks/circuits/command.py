"""`python -m benchmarks circuits`: evaluation beside KLay and PySDD in one run, and beside memory."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import Any

import numpy as np
import torch

from benchmarks.circuits.measure import (
    backward_bytes,
    best_each,
    copy_bandwidth,
    forward_bytes,
    threads,
)
from benchmarks.circuits.subjects import SUBJECTS, layered, log_beliefs
from benchmarks.compile.programs import random_cnf
from benchmarks.option_types import positive_int
from benchmarks.record import Result
from benchmarks.registry import Benchmark
from nesy.circuit.circuit import Circuit
from nesy.kernels import evaluate, numba_log, reference
from nesy.kernels.numba_plan import plan_of

BATCHES = (1, 128, 1024)
LARGEST = 200_000_000
"""Edge-columns; a larger batch of a larger circuit is left out, for a peer holds it whole, several times."""

EXACT = 1e-9
"""Agreement in float64: with PySDD, and with the reference kernel."""

SINGLE = 2e-3
"""Agreement in float32 with KLay, whose logarithms of some hundreds carry an absolute error of that size."""

CNFS = ((20, 30), (40, 40))
"""Variables and clauses of the random 3-CNFs that are made into diagrams."""

PROTOCOL = (
    "values and gradients of each circuit are checked first: against the reference kernel in float64 "
    "(circuits below 50,000 edges), then against each peer's; a pass is forward and backward on float32 "
    "inputs, from torch tensors to torch tensors; nesy and KLay take turns of five passes (one where a pass "
    "takes over 20 ms), on one and on two threads, for two seconds or --repeat turns, and the best of each "
    "is kept; PySDD's propagate and nesy's values and gradient take turns on float64"
)


def add_options(parser: ArgumentParser) -> None:
    """The benchmark's own options."""
    works = [*SUBJECTS, "sdd", "bandwidth"]
    parser.add_argument("--work", nargs="+", choices=works, metavar="NAME", help="only these")
    parser.add_argument("--repeat", type=positive_int, default=200, metavar="N", help="turns at most")
    parser.add_argument("--no-peers", action="store_true", help="measure nesy alone")


def run(options: Namespace) -> Result:
    """Measure each work, print a row for it, and return all rows."""
    wanted = options.work or [*SUBJECTS, "sdd", "bandwidth"]
    peers = not options.no_peers
    rows: list[dict[str, Any]] = []
    print(f"{'circuit':<14} {'edges':>9} {'batch':>5} {'nesy ms':>9} {'M/s':>6} {'peer ms':>9} {'ratio':>6}")
    for name in wanted:
        if name == "sdd":
            rows += [diagram(*size, options.repeat) for size in CNFS if peers]
        elif name == "bandwidth":
            rows.append(bandwidth(options.repeat))
        else:
            rows += beside_klay(name, SUBJECTS[name](), options.repeat, peers=peers)
    return Result(
        "none",
        {"work": wanted, "repeat": options.repeat, "peers": peers},
        "generated",
        PROTOCOL,
        1,
        {"works": rows},
    )


def beside_klay(name: str, circuit: Circuit, repeat: int, *, peers: bool) -> list[dict[str, Any]]:
    """The figures of one circuit, a row per batch. Raises `AssertionError` where answers differ."""
    check(circuit)
    theirs = None
    if peers:
        from benchmarks.peers import klay_evaluation  # noqa: PLC0415 - an optional extra

        theirs = klay_evaluation.module_of(circuit)
    rows = []
    for batch in BATCHES:
        if circuit.edges * batch > LARGEST:
            continue
        rows.append(_passes(name, circuit, batch, theirs, repeat))
        _show(rows[-1])
    return rows


def check(circuit: Circuit) -> None:
    """Values and gradients against the reference kernel, in float64."""
    if circuit.edges >= 50_000:
        return
    beliefs = log_beliefs(circuit, 3)
    weights = np.ones((len(circuit.roots), 3))
    plan = plan_of(circuit)
    values = reference.evaluate(circuit, beliefs)
    np.testing.assert_allclose(numba_log.evaluate(circuit, beliefs), values, EXACT, EXACT)
    expected = reference.gradient(circuit, beliefs, weights)
    np.testing.assert_allclose(numba_log.gradient(plan, beliefs, weights), expected, EXACT, EXACT)


def _passes(name: str, circuit: Circuit, batch: int, theirs: Any, repeat: int) -> dict[str, Any]:
    beliefs = torch.tensor(log_beliefs(circuit, batch), dtype=torch.float32)
    weights = torch.ones(len(circuit.roots), batch)
    turned, turned_weights = beliefs.T.contiguous(), weights.T.contiguous()

    def ours() -> tuple[torch.Tensor, torch.Tensor]:
        inputs = beliefs.detach().requires_grad_()
        values = evaluate(circuit, inputs, backend="numba")
        return values.detach(), torch.autograd.grad(values, inputs, weights)[0]

    works: list[Any] = [ours]
    if theirs is not None:
        from benchmarks.peers.klay_evaluation import values_and_gradients  # noqa: PLC0415

        def peer() -> tuple[torch.Tensor, torch.Tensor]:
            return values_and_gradients(theirs, turned, turned_weights)

        works.append(peer)
        for mine, other in zip(ours(), peer(), strict=True):
            torch.testing.assert_close(mine, other.T, rtol=SINGLE, atol=SINGLE)
    row: dict[str, Any] = {"work": name, "edges": circuit.edges, "batch": batch}
    for count in (1, 2):
        with threads(count):
            found = best_each(works, repeat, 2.0)
        row |= {f"seconds_{count}": found[0]} | ({f"klay_seconds_{count}": found[1]} if theirs else {})
    row["seconds"] = min(row["seconds_1"], row["seconds_2"])
    if theirs is not None:
        row["peer_seconds"] = min(row["klay_seconds_1"], row["klay_seconds_2"])
        row["ratio"] = row["peer_seconds"] / row["seconds"]
    return row


def diagram(variables: int, clauses: int, repeat: int) -> dict[str, Any]:
    """One example on the diagram of a random 3-CNF: the value and all derivatives, beside PySDD."""
    from benchmarks.peers.sdd_evaluation import Diagram  # noqa: PLC0415 - an optional extra

    sdd = Diagram(random_cnf(variables, clauses, 1).dimacs(), variables)
    circuit = sdd.circuit()
    plan = plan_of(circuit)
    beliefs = log_beliefs(circuit, 1)
    sdd.weigh(beliefs[:, 0].tolist())
    once = np.ones((1, 1))

    def ours() -> tuple[Any, Any]:
        values, kept = numba_log.values(plan, beliefs)
        return values, numba_log.gradient(plan, beliefs, once, kept)

    value, gradient = ours()
    np.testing.assert_allclose(value[0, 0], sdd.propagate(), EXACT)
    # A circuit that leaves a variable out of a branch says nothing of it there: its prior holds.
    free = 1 - gradient.reshape(-1, 2).sum(1, keepdims=True)
    posterior = gradient.reshape(-1, 2) + free * np.exp(beliefs.reshape(-1, 2))
    np.testing.assert_allclose(posterior.reshape(-1), np.exp(sdd.posterior()), EXACT, EXACT)
    seconds, theirs = best_each([ours, sdd.propagate], 10 * repeat, 2.0)
    row = {"work": f"sdd_{variables}_{clauses}", "edges": circuit.edges, "batch": 1, "seconds": seconds}
    row |= {"peer_seconds": theirs, "ratio": theirs / seconds}
    _show(row)
    return row


def bandwidth(repeat: int) -> dict[str, Any]:
    """A circuit of a million edges and 128 examples: bytes moved in a second, beside copying memory."""
    circuit, batch = layered(1_000_000), 128
    plan, beliefs = plan_of(circuit), log_beliefs(circuit, batch)
    weights = np.ones((1, batch))
    row: dict[str, Any] = {"work": "bandwidth", "edges": circuit.edges, "batch": batch}
    for count in (1, 2):
        copied = copy_bandwidth(count)
        with threads(count):
            forward, backward = best_each(
                [lambda: numba_log.values(plan, beliefs), lambda: numba_log.gradient(plan, beliefs, weights)],
                repeat,
                5.0,
            )
        rates = forward_bytes(plan, batch) / forward, backward_bytes(plan, batch) / backward
        row |= {
            f"copy_bytes_per_second_{count}": copied,
            f"forward_share_{count}": rates[0] / copied,
            f"backward_share_{count}": rates[1] / copied,
        }
        print(
            f"  {count} threads: copy {copied / 1e9:.1f} GB/s; forward {forward * 1e3:.1f} ms, "
            f"{rates[0] / 1e9:.1f} GB/s; backward {backward * 1e3:.1f} ms, {rates[1] / 1e9:.1f} GB/s"
        )
    return row


def _show(row: dict[str, Any]) -> None:
    speed = row["edges"] * row["batch"] / row["seconds"] / 1e6
    ours = f"{row['work']:<14} {row['edges']:>9} {row['batch']:>5} {row['seconds'] * 1e3:>9.3f} {speed:>6.0f}"
    peer = f"{row['peer_seconds'] * 1e3:>9.3f} {row['ratio']:>6.1f}" if "ratio" in row else ""
    print(ours, peer, flush=True)


BENCHMARK = Benchmark(example="--json results.jsonl", add_options=add_options, run=run)
