"""Interrupts are held back while compiled code runs, and never lost."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator

import pytest

from nesy.logic.interrupts import between_steps, held


@pytest.fixture(autouse=True)
def _python_handles_interrupts() -> Iterator[None]:
    """Whoever starts the tests may have them ignored, as shells do for what runs in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def interrupt() -> None:
    signal.raise_signal(signal.SIGINT)


def test_an_interrupt_waits_until_it_is_let_through() -> None:
    before = signal.getsignal(signal.SIGINT)
    with held() as let_through:
        let_through()
        interrupt()
        with pytest.raises(KeyboardInterrupt):
            let_through()
        let_through()
    assert signal.getsignal(signal.SIGINT) is before


def test_an_interrupt_is_let_through_at_the_end() -> None:
    reached = []
    with pytest.raises(KeyboardInterrupt), held():  # noqa: PT012
        interrupt()
        reached.append("the end")
    assert reached


def test_a_second_interrupt_is_not_held() -> None:
    with pytest.raises(KeyboardInterrupt):  # noqa: SIM117, PT012
        with held():
            interrupt()
            with pytest.raises(KeyboardInterrupt):
                interrupt()


def test_other_threads_hold_nothing() -> None:
    before = signal.getsignal(signal.SIGINT)
    seen = []

    def work() -> None:
        with held() as let_through:
            seen.append(signal.getsignal(signal.SIGINT))
            let_through()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [before]


def test_a_handler_of_ones_own_is_called() -> None:
    called: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: called.append(number))
    try:
        with held() as let_through:
            interrupt()
            assert not called
            let_through()
            assert called == [signal.SIGINT]
    finally:
        signal.signal(signal.SIGINT, before)


def test_where_interrupts_are_ignored_they_stay_so() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with held() as let_through:
            interrupt()
            let_through()
    finally:
        signal.signal(signal.SIGINT, before)


def test_between_steps_an_interrupt_comes_through() -> None:
    reached = []
    with pytest.raises(KeyboardInterrupt), held(between=True):  # noqa: PT012
        between_steps()
        interrupt()
        reached.append("the end of a step")
        between_steps()
        reached.append("the next step")
    assert reached == ["the end of a step"]


def test_who_holds_all_the_while_is_not_interrupted_by_who_does_not() -> None:
    """A run of training saves its state first, whatever its steps compile."""
    with held() as let_through:
        with held(between=True):
            interrupt()
            between_steps()
        with pytest.raises(KeyboardInterrupt):
            let_through()


def test_other_threads_let_nothing_through() -> None:
    with held(between=True) as let_through:
        interrupt()
        thread = threading.Thread(target=between_steps)
        thread.start()
        thread.join()
        with pytest.raises(KeyboardInterrupt):
            let_through()
