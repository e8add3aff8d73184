% Genes from both parents; the child's blood is observed.
0.3::gene(P, a); 0.2::gene(P, b); 0.5::gene(P, o) :- parent(P).
parent(mother).
parent(father).
dominates(a, o).
dominates(b, o).
blood(X) :- gene(mother, X), gene(father, X).
blood(X) :- gene(mother, X), gene(father, Y), dominates(X, Y).
blood(X) :- gene(mother, Y), gene(father, X), dominates(X, Y).
blood(ab) :- gene(mother, a), gene(father, b).
blood(ab) :- gene(mother, b), gene(father, a).
evidence(blood(a)).
query(gene(mother, _)).
query(blood(_)).

% expect: gene(mother,b) = 0
% expect: blood(b) = 0
% expect: gene(mother,o) = 0.384615384615
% expect: blood(o) = 0
% expect: blood(ab) = 0
% expect: blood(a) = 1
% expect: gene(mother,a) = 0.615384615385
