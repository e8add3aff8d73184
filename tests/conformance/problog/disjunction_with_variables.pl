% An annotated disjunction with a body: one choice for each binding of all its variables.
person(ann).
person(bob).
city(x).
city(y).
0.2::visit(P, C, train); 0.5::visit(P, C, car) :- person(P), city(C).
travels(P) :- visit(P, _, _).
by_train :- visit(_, _, train).
0.4::tired(P) :- visit(P, C, car).
query(visit(ann, x, car)).
query(travels(ann)).
query(by_train).
query(tired(bob)).

% expect: travels(ann) = 0.91
% expect: visit(ann,x,car) = 0.5
% expect: tired(bob) = 0.36
% expect: by_train = 0.5904
