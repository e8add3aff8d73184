% forall/2: no instance of the condition without the action.
n(1). n(2).
0.5::on(1). 0.4::on(2). 0.3::seen(1). 0.6::seen(2).
all_on :- forall(n(X), on(X)).
fine :- forall(on(X), seen(X)).
empty :- forall(fail, on(_)).
query(all_on). query(fine). query(empty).

% expect: all_on = 0.2
% expect: fine = 0.546
% expect: empty = 1
