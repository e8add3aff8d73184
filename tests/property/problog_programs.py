"""Random programs in ProbLog's language, each with an answer or with one kind of mistake.

Bodies are made from left to right with the set of variables that are bound so far, so that most
programs are in order; mistakes are put in on purpose, where the query reaches them.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

NAMES = ["ann", "bob", "cid"]
NUMBERS = ["1", "2", "3"]


class Maker:
    """One program in the making."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.lines: list[str] = []
        self.unary: list[str] = []
        """Predicates of one name, to call; `numeric` are those of one number."""
        self.binary: list[str] = []
        self.numeric: list[str] = []
        self.fresh = 0

    def text(self) -> str:
        return "\n".join(self.lines) + "\n"

    def say(self, line: str) -> None:
        self.lines.append(line)

    def label(self, chance: float = 0.7) -> str:
        if self.rng.random() > chance:
            return ""
        return f"{self.rng.choice(['0.1', '0.25', '0.4', '0.5', '0.8', '1/3', '0.95'])}::"

    def variable(self) -> str:
        self.fresh += 1
        return f"V{self.fresh}"


def random_problog(rng: Random) -> str:
    """The text of a program."""
    maker = Maker(rng)
    maker.say(":- use_module(library(lists)). :- use_module(library(apply)).")
    _facts(maker)
    for level in range(rng.randint(1, 3)):
        _level(maker, level)
    _queries(maker)
    # One mistake a program: evidence may turn out to be another.
    if rng.random() < 0.25:
        rng.choice(MISTAKES)(maker)
    elif rng.random() < 0.3:
        _evidence(maker)
    return maker.text()


def _facts(m: Maker) -> None:
    for name in NAMES:
        if m.rng.random() < 0.8:
            m.say(f"{m.label()}f({name}).")
        if m.rng.random() < 0.4:
            m.say(f"{m.label()}g({name}).")
    m.say("f(ann).")
    m.say(f"{m.label()}g(bob).")
    for _ in range(m.rng.randint(1, 4)):
        m.say(f"{m.label()}e({m.rng.choice(NAMES)},{m.rng.choice(NAMES)}).")
    for number in m.rng.sample(NUMBERS, 2):
        m.say(f"{m.label(0.5)}n({number}).")
    if m.rng.random() < 0.4:
        m.say("0.2::w(0.3). w(0.6).")
        m.say("P::h(P) :- w(P).")
    m.unary, m.binary, m.numeric = ["f", "g"], ["e"], ["n"]
    if m.rng.random() < 0.5:
        shares = m.rng.choice([("0.3", "0.7"), ("0.2", "0.5"), ("1/4", "1/4")])
        body = m.rng.choice([" :- f(X)", " :- e(X,_)", " :- f(X), \\+g(X)"])
        m.say(f"{shares[0]}::c(X,ann); {shares[1]}::c(X,bob){body}.")
        m.binary.append("c")


def _level(m: Maker, level: int) -> None:
    """One or two predicates over those before; now and then one is recursive."""
    for number in range(m.rng.randint(1, 2)):
        name, kind = f"p{level}{number}", m.rng.choice(["unary", "binary", "numeric", "unary", "closure"])
        if kind == "closure":
            over = m.rng.choice(m.binary)
            m.say(f"{name}(X,Y) :- {over}(X,Y).")
            steps = [f"{over}(X,Z), {name}(Z,Y)", f"{name}(X,Z), {over}(Z,Y)", f"{name}(X,Z), {name}(Z,Y)"]
            m.say(f"{name}(X,Y) :- {m.rng.choice(steps)}.")
            m.binary.append(name)
            continue
        for _ in range(m.rng.randint(1, 2)):
            _rule(m, name, kind)
        getattr(m, kind).append(name)


def _rule(m: Maker, name: str, kind: str) -> None:
    bound: dict[str, str] = {}
    """Which variables are bound, and to what: a name or a number."""
    goals = [_generator(m, bound)]
    goals += [m.rng.choice(GOALS)(m, bound) for _ in range(m.rng.randint(0, 3))]
    wanted = ["number"] if kind == "numeric" else ["name"] * (1 if kind == "unary" else 2)
    head = []
    for sort in wanted:
        choices = [v for v, s in bound.items() if s == sort]
        if not choices:
            goals.append(_generator(m, bound, sort))
            choices = [v for v, s in bound.items() if s == sort]
        head.append(m.rng.choice(choices))
    # A probabilistic rule has a symbol for each list that its body can collect: too many for a test.
    label = "" if any("findall" in g or "all(" in g for g in goals) else m.label(0.25)
    m.say(f"{label}{name}({','.join(head)}) :- {', '.join(goals)}.")


def _argument(m: Maker, bound: dict[str, str], sort: str, fresh: float) -> str:
    """A constant, a bound variable, or a new one, which is then bound."""
    if m.rng.random() < fresh:
        variable = m.variable()
        bound[variable] = sort
        return variable
    known = [v for v, s in bound.items() if s == sort]
    if known and m.rng.random() < 0.8:
        return m.rng.choice(known)
    return m.rng.choice(NAMES if sort == "name" else NUMBERS)


def _call(m: Maker, bound: dict[str, str], fresh: float, sort: str | None = None) -> str:
    sorts = {"unary": m.unary, "binary": m.binary, "numeric": m.numeric}
    pool = ["unary", "binary", "numeric"] if sort is None else ["numeric"] if sort == "number" else ["unary"]
    kind = m.rng.choice(pool)
    name = m.rng.choice(sorts[kind])
    wanted = ["number"] if kind == "numeric" else ["name"] * (1 if kind == "unary" else 2)
    return f"{name}({','.join(_argument(m, bound, s, fresh) for s in wanted)})"


def _generator(m: Maker, bound: dict[str, str], sort: str | None = None) -> str:
    return _call(m, bound, 1.0, sort)


def _positive(m: Maker, bound: dict[str, str]) -> str:
    return _call(m, bound, 0.4)


def _negative(m: Maker, bound: dict[str, str]) -> str:
    form = m.rng.choice(["\\+{}", "\\+ {}", "not({})"]) if m.rng.random() < 0.9 else "\\+ ({}, f(ann))"
    return form.format(_call(m, bound, 0.0))


def _number(m: Maker, bound: dict[str, str]) -> str:
    return _argument(m, bound, "number", 0.0)


def _comparison(m: Maker, bound: dict[str, str]) -> str:
    operator = m.rng.choice(["<", ">", "=<", ">=", "=:=", "=\\="])
    return f"{_number(m, bound)} {operator} {_number(m, bound)}"


def _identity(m: Maker, bound: dict[str, str]) -> str:
    operator = m.rng.choice(["=", "\\=", "==", "\\==", "@<"])
    return f"{_argument(m, bound, 'name', 0.0)} {operator} {_argument(m, bound, 'name', 0.0)}"


def _arithmetic(m: Maker, bound: dict[str, str]) -> str:
    left, right = _number(m, bound), _number(m, bound)
    forms = ["{} + {}", "{} - {}", "{} * {}", "max({}, {})", "min({}, {})", "abs({} - {})", "({} + {}) mod 3"]
    expression = m.rng.choice([*forms, "{} // {}"]).format(left, right if right != "0" else "1")
    if "//" in expression:
        expression = f"{left} // (1 + {right} * {right})"
    variable = m.variable()
    bound[variable] = "number"
    return f"{variable} is {expression}"


def _counting(m: Maker, bound: dict[str, str]) -> str:
    variable = m.variable()
    bound[variable] = "number"
    forms = [
        f"between(1, {m.rng.randint(1, 3)}, {variable})",
        f"member({variable}, [1,2,2])",
        f"length([a,b|{m.rng.choice(['[]', '[c]'])}], {variable})",
        f"succ({m.rng.choice(NUMBERS)}, {variable})",
        f"plus(1, {m.rng.choice(NUMBERS)}, {variable})",
        f"sum_list([1,2], {variable})",
        f"nth0(1, [1,2,3], {variable})",
    ]
    return m.rng.choice(forms)


def _listed(m: Maker, bound: dict[str, str]) -> str:
    known = _argument(m, bound, "name", 0.0)
    variable = m.variable()
    bound[variable] = "name"
    forms = [
        f"member({variable}, [ann,cid])",
        f"append([bob], [{variable}], [bob,ann])",
        f"reverse([{known},bob], [_,{variable}])",
        f"[{variable}|_] = [ann,bob]",
        f"pair({variable},_) = pair(bob,ann)",
    ]
    return m.rng.choice(forms)


def _collected(m: Maker, bound: dict[str, str]) -> str:
    """All answers of a predicate that is done, and a number made of them."""
    item, items, number = m.variable(), m.variable(), m.variable()
    numeric = m.rng.random() < 0.4
    # Of the first predicates only: those above have too many proofs, each of which may hold or not.
    pool = m.numeric[:1] if numeric else m.unary[:3]
    goal = f"{m.rng.choice(pool)}({item})"
    if not numeric and m.rng.random() < 0.4:
        known = _argument(m, bound, "name", 0.0)
        goal = m.rng.choice([f"e({known},{item})", f"({goal}, \\+ {item} = {known})"])
    folded = "sum_list" if numeric and m.rng.random() < 0.6 else "length"
    bound[number] = "number"
    return (
        f"{m.rng.choice(['findall', 'findall', 'all'])}({item}, {goal}, {items}), {folded}({items}, {number})"
    )


def _called(m: Maker, bound: dict[str, str]) -> str:
    """A predicate that is called by name, or for every item of a list."""
    known, variable = _argument(m, bound, "name", 0.0), m.variable()
    unary, binary = m.rng.choice(m.unary), m.rng.choice(m.binary)
    forms = {
        f"call({unary}, {variable})": True,
        f"call({binary}({known}), {variable})": True,
        f"G{variable} = {unary}({variable}), call(G{variable})": True,
        f"call({binary}, {known}, {variable})": True,
        f"\\+ call({unary}, {known})": False,
        f"maplist({unary}, [{known},ann])": False,
        f"maplist({binary}({known}), [bob,{variable}])": True,
        f"forall({unary}({variable}), {m.rng.choice(m.unary)}({variable}))": False,
        f"forall({binary}({known},{variable}), {unary}({variable}))": False,
        f"\\+ \\+ {unary}({known})": False,
    }
    chosen = m.rng.choice(list(forms))
    if forms[chosen]:
        bound[variable] = "name"
    return chosen


def _taken_apart(m: Maker, bound: dict[str, str]) -> str:
    """Terms and lists, put together and taken apart."""
    known = _argument(m, bound, "name", 0.0)
    variable = m.variable()
    bound[variable] = "name"
    forms = [
        f"pair(bob,{known}) =.. [_,{variable},_]",
        f"arg(2, pair(ann,{known}), {variable})",
        f"functor({variable}, {known}, 0)",
        f"select({variable}, [ann,{known}], _)",
        f"last([bob,{known}], {variable})",
        f"nth1(2, [cid,{known}], {variable})",
        f"sort([{known},ann], [{variable}|_])",
        f"(number(3), {variable} = {known})",
    ]
    return m.rng.choice(forms)


def _disjunction(m: Maker, bound: dict[str, str]) -> str:
    """Both sides bind nothing new."""
    left, right = (m.rng.choice([_negative, _comparison, _check])(m, bound) for _ in range(2))
    return f"({left} ; {right})"


def _check(m: Maker, bound: dict[str, str]) -> str:
    return _call(m, bound, 0.0)


GOALS: list[Callable[[Maker, dict[str, str]], str]] = [
    *[_positive] * 4,
    *[_negative] * 3,
    _comparison,
    _identity,
    _arithmetic,
    _arithmetic,
    _counting,
    _listed,
    _collected,
    _called,
    _called,
    _taken_apart,
    _disjunction,
]


def _ask(m: Maker, ground: float) -> str:
    kind = m.rng.choice(["unary", "binary", "numeric"])
    pool: list[str] = getattr(m, kind)
    name = pool[-1] if m.rng.random() < 0.6 else m.rng.choice(pool)
    constants = NUMBERS if kind == "numeric" else NAMES
    args = [m.rng.choice(constants) if m.rng.random() < ground else f"Q{i}" for i in range(2)]
    return f"{name}({','.join(args[: 2 if kind == 'binary' else 1])})"


def _queries(m: Maker) -> None:
    for _ in range(m.rng.randint(1, 3)):
        m.say(f"query({_ask(m, 0.4)}).")


def _evidence(m: Maker) -> None:
    form = m.rng.choice(["evidence({}).", "evidence(\\+{}).", "evidence({},false).", "evidence({},true)."])
    m.say(form.format(_ask(m, 1.0)))


def _unknown(m: Maker) -> None:
    m.say(m.rng.choice(["query(bad(X)) .", "bad :- f(ann), nowhere(ann).", "bad :- \\+nowhere(ann)."]))
    m.say("query(bad).")


def _non_ground_query(m: Maker) -> None:
    # One that certainly holds is an error here alone.
    m.say("0.5::maybe.")
    m.say(m.rng.choice(["any(X) :- maybe.", "any(pair(X,a)) :- maybe.", "any(X) :- maybe, X = Y."]))
    m.say("query(any(Y)).")


def _non_ground_probability(m: Maker) -> None:
    m.say(m.rng.choice(["0.3::any(X).", "0.3::any(X) :- f(ann).", "0.3::any(X); 0.4::other(X) :- f(ann)."]))
    m.say(m.rng.choice(["query(any(Y)).", "some :- any(Z). query(some)."]))


def _negative_cycle(m: Maker) -> None:
    ring = m.rng.choice(
        ["odd :- \\+odd.", "odd :- f(ann), \\+even. even :- \\+odd.", "odd :- \\+even. even :- odd, f(ann)."]
    )
    m.say(f"{ring} query(odd).")


def _inconsistent(m: Maker) -> None:
    m.say(
        m.rng.choice(
            [
                "evidence(f(zoe)). ",
                "evidence(f(ann),false).",
                "0.3::rain. evidence(rain). evidence(\\+rain).",
                "0.5::wet; 0.5::dry. evidence(wet). evidence(dry).",
            ]
        )
    )


def _unbound_arithmetic(m: Maker) -> None:
    goal = m.rng.choice(["X is Y + 1", "Y < 3, X = 1", "X is a + 1", "1 =:= Y, X = 1", "X is foo(1)"])
    m.say(f"bad(X) :- f(ann), {goal}. query(bad(X)).")


def _wrong_mode(m: Maker) -> None:
    goal = m.rng.choice(
        ["between(1,Y,X)", "succ(X,Y)", "length(X,Y), X = 1", "plus(X,Y,3)", "between(a,3,X)", "succ(a,X)"]
    )
    m.say(f"bad(X) :- f(ann), {goal}. query(bad(X)).")


def _indirect_cycle(m: Maker) -> None:
    through = m.rng.choice(["bad(Y)", "also(Y)", "(f(ann), bad(Y))"])
    m.say(f"bad(N) :- findall(Y, {through}, L), length(L, N). also(X) :- bad(X). query(bad(X)).")


def _division(m: Maker) -> None:
    m.say(f"bad(X) :- {m.rng.choice(['X is 1 / 0', 'X is 1 // 0', 'X is 1 mod 0'])}. query(bad(X)).")


MISTAKES: list[Callable[[Maker], None]] = [
    _unknown,
    _non_ground_query,
    _non_ground_probability,
    _negative_cycle,
    _inconsistent,
    _unbound_arithmetic,
    _wrong_mode,
    _division,
    _indirect_cycle,
]
