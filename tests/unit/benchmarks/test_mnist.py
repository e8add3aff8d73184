from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
import torch

from benchmarks.datasets import mnist
from benchmarks.datasets.idx import read_idx
from benchmarks.datasets.mnist import download_mnist, find_mnist, load_mnist
from nesy.errors import DataError
from tests.unit.benchmarks.idx_files import write_idx, write_mnist

TRAIN_IMAGES = "train-images-idx3-ubyte.gz"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Small files under MNIST's names, taken for the real ones."""
    home = tmp_path / "mnist"
    home.mkdir()
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in write_mnist(home).items()}
    monkeypatch.setattr(mnist, "SHA256", sums)
    return home


def test_loads_both_splits_standardised(folder: Path) -> None:
    images = load_mnist(folder)
    assert images.train.pixels.shape == (12, 1, 28, 28)
    assert images.test.pixels.shape == (8, 1, 28, 28)
    assert images.train.pixels.mean().item() == pytest.approx(0, abs=1e-5)
    assert images.train.pixels.std(correction=0).item() == pytest.approx(1, abs=1e-5)
    raw = read_idx(folder / TRAIN_IMAGES, axes=3)
    order = torch.from_numpy(np.argsort(raw[0].ravel(), kind="stable"))
    assert (images.train.pixels[0].flatten()[order].diff() >= 0).all()


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / TRAIN_IMAGES).unlink()
    with pytest.raises(DataError, match=TRAIN_IMAGES) as caught:
        load_mnist(folder)
    assert caught.value.code == "missing-data"
    assert "--data-dir" in (caught.value.hint or "")


def test_a_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is not a folder"):
        load_mnist(tmp_path / "absent")


def test_a_truncated_file_is_named(folder: Path) -> None:
    content = (folder / TRAIN_IMAGES).read_bytes()
    (folder / TRAIN_IMAGES).write_bytes(content[:-100])
    with pytest.raises(DataError, match=TRAIN_IMAGES) as caught:
        load_mnist(folder)
    assert caught.value.code == "truncated-data"


def test_another_file_of_the_right_form_is_refused(folder: Path) -> None:
    write_idx(folder / TRAIN_IMAGES, np.zeros((12, 28, 28), dtype=np.uint8))
    with pytest.raises(DataError, match=TRAIN_IMAGES) as caught:
        load_mnist(folder)
    assert caught.value.code == "wrong-checksum"


def test_search_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, beside = tmp_path / "home", tmp_path / "beside"
    monkeypatch.setenv("NESY_DATA", str(home))
    monkeypatch.setattr(mnist, "BESIDE_CHECKOUT", beside)
    assert find_mnist() is None
    beside.mkdir()
    assert find_mnist() == beside
    (home / "mnist").mkdir(parents=True)
    assert find_mnist() == home / "mnist"


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a server of the folder's files."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def test_downloads_from_the_second_mirror_when_the_first_lacks_a_file(folder: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    bare.mkdir()
    with served(bare) as first, served(folder) as second:
        found = download_mnist(tmp_path / "downloads", mirrors=(first, second))
    assert {p.name for p in found.iterdir()} == {p.name for p in folder.iterdir()}
    assert len(load_mnist(found).train) == 12


def test_a_wrong_download_leaves_nothing_behind(folder: Path, tmp_path: Path) -> None:
    for path in folder.iterdir():
        path.write_bytes(path.read_bytes()[:-1])
    downloads = tmp_path / "downloads"
    with served(folder) as mirror, pytest.raises(DataError) as caught:
        download_mnist(downloads, mirrors=(mirror,))
    assert caught.value.code == "download-failed"
    assert mirror in caught.value.message
    assert not list(downloads.iterdir())
