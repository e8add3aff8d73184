"""The triton kernel where there is no device: interpreted, and compiled for one; and what it runs over."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from nesy.circuit.builder import CircuitBuilder
from nesy.errors import ModelError
from nesy.kernels import backends, evaluate, reference
from nesy.kernels.narrow import narrowed
from nesy.kernels.triton_layout import WIDEST, gpu_layout
from tests.unit.circuit.generate import addition_circuit
from tests.unit.kernels.conformance import ROUNDING, circuits, problem

needs_triton = pytest.mark.skipif(not backends.has_triton(), reason="triton is not installed")


@needs_triton
def test_interpreted_it_does_what_every_kernel_must():
    here = Path(__file__)
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-x",
            "-p",
            "no:cacheprovider",
            here.with_name("triton_interpreted.py"),
        ],
        # It must be set before triton is imported.
        env={**os.environ, "TRITON_INTERPRET": "1"},
        cwd=here.parents[3],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "passed" in done.stdout
    assert "skipped" not in done.stdout


@needs_triton
@pytest.mark.parametrize("kernel", ["_up", "_down"])
def test_it_compiles_for_a_device_that_is_not_here(kernel, monkeypatch):
    monkeypatch.setenv("TRITON_DEFAULT_FP_FUSION", "1")
    triton = pytest.importorskip("triton")
    compiler = importlib.import_module("triton.compiler")
    target = importlib.import_module("triton.backends.compiler").GPUTarget("cuda", 90, 32)
    function = getattr(importlib.import_module("nesy.kernels.triton_log"), kernel)
    kinds = {"ROWS": "constexpr", "COLUMNS": "constexpr", "values": "*fp32", "gradients": "*fp32"}
    kinds |= dict.fromkeys(("base", "batch", "first", "last"), "i32")
    signature = {name: kinds.get(name, "*i64") for name in function.arg_names}
    for rows, columns in ((1, 256), (32, 8), (256, 1)):
        constants = {"ROWS": rows, "COLUMNS": columns}
        if columns == 1:
            # As launched: numbers that are 1 are compiled in.
            constants["batch"], signature["batch"] = 1, "constexpr"
        source = compiler.ASTSource(function, signature, constants)
        compiled = triton.compile(source, target=target)
        assert ".visible .entry" in compiled.asm["ptx"]
        assert "atom." not in compiled.asm["ptx"], "gradients are gathered, without atomic operations"


@pytest.mark.parametrize("most", [2, 3])
def test_narrow_circuits_have_the_same_values_and_no_wide_node(most):
    for circuit in circuits():
        found = narrowed(circuit, most)
        assert np.diff(found.offsets).max() <= most
        assert (found.children < np.repeat(np.arange(found.size), np.diff(found.offsets))).all()
        inputs, _ = problem(circuit)
        np.testing.assert_allclose(
            reference.evaluate(found, inputs),
            reference.evaluate(circuit, inputs),
            rtol=ROUNDING,
            atol=ROUNDING,
        )


def test_what_is_narrow_stays_as_it_is():
    circuit = addition_circuit()
    assert narrowed(circuit, 10) is circuit


def test_no_block_of_threads_has_more_to_do_than_the_bound():
    builder = CircuitBuilder()
    width = WIDEST**2 + 10
    shared = builder.input(0)
    nodes = [builder.product([shared, builder.input(i)]) for i in range(1, width)]
    layout = gpu_layout(builder.build([builder.sum(nodes), *nodes], [width]))
    for offsets in (layout.term_offsets, layout.factor_offsets, layout.use_offsets):
        assert np.diff(offsets).max() <= WIDEST
    assert np.isin(np.arange(width), layout.targets).all(), "every input has a gradient"
    assert len(np.unique(layout.targets)) == len(layout.targets), "nothing is written twice"


def test_items_read_only_what_earlier_steps_wrote():
    for circuit in circuits():
        layout = gpu_layout(circuit)
        written = np.full(layout.gradient_rows, len(layout.down.starts))
        written[layout.rows : layout.rows + len(layout.roots)] = -1
        step = np.repeat(np.arange(len(layout.down.starts) - 1), np.diff(layout.down.starts))
        written[layout.targets] = step
        reader = np.repeat(step, np.diff(layout.use_offsets))
        assert (written[layout.owners] < reader).all()


def test_choices_on_devices(monkeypatch):
    circuit = addition_circuit()
    monkeypatch.setattr(backends, "has_triton", lambda: True)
    assert backends.for_tensors(circuit, "cuda") == "triton"
    monkeypatch.setattr(backends, "has_triton", lambda: False)
    assert backends.for_tensors(circuit, "cuda") == "torch"
    assert backends.for_tensors(circuit, "mps") == "torch"
    for backend, code in (("triton", "unusable-backend"), ("warp", "unknown-backend")):
        with pytest.raises(ModelError) as caught:
            evaluate(circuit, torch.zeros(20, 1), backend)
        assert caught.value.code == code
