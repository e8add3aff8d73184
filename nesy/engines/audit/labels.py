"""What a caller says of the examples that training sees, as rows of places and values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Union, final

from nesy.engines.audit.concepts import Concepts
from nesy.engines.audit.occurring import Row
from nesy.errors import DataError, EngineError, Span
from nesy.logic.program import Output, Value

Place = Callable[[Union[str, None]], tuple[str, Union[Span, None]]]
"""Says where a label stands, or its part of a name; asked only if something is wrong, for it takes time."""

Label = Union[Mapping[str, Union[Value, bool, None]], tuple[Any, Any]]
"""One kind of example: what is known of it by name, or (values of the concepts, values of the outputs)."""

SHOWN = 12
"""How many names or values a message lists."""


@final
class LabelReader:
    """Reads labels of one template.

    variables: the names of its output variables, which name the outputs where each is one.
    """

    def __init__(self, concepts: Concepts, outputs: Sequence[Output], variables: Sequence[str]) -> None:
        self._concepts = concepts
        self._outputs = outputs
        self._places = {o.name: i for i, o in enumerate(outputs)}
        if len(variables) == len(outputs):
            self._places |= {v: i for i, v in enumerate(variables) if v not in self._places}

    def row(self, label: Label, place: Place) -> Row:
        """One label.

        Raises `EngineError` (invalid-label-pair, unknown-value) and `DataError` (unknown-column).
        """
        named = label if isinstance(label, Mapping) else self._named(label, place)
        concepts, outputs = [], []
        for name, value in named.items():
            if value is None:
                continue
            at, is_output = self.column(name, place)
            if is_output:
                outputs.append((at, self._value(self._outputs[at].domain, name, value, place)))
            else:
                values = self._concepts.concepts[at].values
                concepts.append((at, self._value(values, name, value, place)))

        def written() -> tuple[str, Span | None]:
            where, span = place(None)
            return f"{where} ({', '.join(f'{n} = {v}' for n, v in named.items() if v is not None)})", span

        return Row(tuple(concepts), tuple(outputs), written)

    def column(self, name: str, place: Place) -> tuple[int, bool]:
        """The concept or the output of a name, and whether it is an output.

        Raises `DataError` (unknown-column).
        """
        at = self._concepts.position(name)
        if at is not None:
            return at, False
        if name in self._places:
            return self._places[name], True
        known = [*(c.name for c in self._concepts.concepts), *self._places]
        near = get_close_matches(name, known, 1)
        where, span = place(name)
        raise DataError(
            "unknown-column",
            f"{where}: neither an input of a network nor an output is called {name!r}",
            span=span,
            hint=f"did you mean {near[0]}?" if near else f"there are {_listed(known)}",
        )

    def _named(self, label: object, place: Place) -> Mapping[str, Any]:
        if not isinstance(label, (tuple, list)) or len(label) != 2:
            raise self._not_a_pair(f"{place(None)[0]} is {label!r}")
        concepts = self._each(label[0], [c.name for c in self._concepts.concepts], place)
        return {**concepts, **self._each(label[1], [o.name for o in self._outputs], place)}

    def _each(self, values: object, names: Sequence[str], place: Place) -> dict[str, Any]:
        if values is None:
            return {}
        listed = list(values) if isinstance(values, (tuple, list)) else [values]
        if len(listed) != len(names):
            raise self._not_a_pair(f"{place(None)[0]} has {len(listed)} values for {_listed(names)}")
        return dict(zip(names, listed, strict=True))

    def _not_a_pair(self, message: str) -> EngineError:
        concepts = ", ".join(c.name for c in self._concepts.concepts[:SHOWN])
        outputs = ", ".join(o.name for o in self._outputs[:SHOWN])
        return EngineError(
            "invalid-label-pair",
            message,
            hint=f"give (values of {concepts}; values of {outputs}), None for what is not known, "
            "or a mapping from these names",
        )

    def _value(self, values: Sequence[Value], name: str, said: object, place: Place) -> int:
        wanted = str(said).lower() if isinstance(said, bool) else str(said).strip()
        texts = list(map(str, values))
        if wanted not in texts:
            where, span = place(name)
            raise EngineError(
                "unknown-value",
                f"{where}: {name} has no value {wanted}",
                span=span,
                hint=f"its values are {_listed(texts)}",
            )
        return texts.index(wanted)


def rows_of(labels: Iterable[Label], reader: LabelReader) -> list[Row]:
    """The rows of labels given one by one. Raises as `LabelReader.row`."""
    return [
        reader.row(label, lambda _, number=i: (f"label {number}", None))  # type: ignore[misc]
        for i, label in enumerate(labels, 1)
    ]


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return (", ".join(names[:SHOWN]) or "none") + more
