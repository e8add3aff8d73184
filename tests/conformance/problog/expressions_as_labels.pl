% Probabilities computed in the label or bound by the body.
1/4::quarter.
weight(low, 0.1).
weight(high, 0.8).
P::event(X) :- weight(X, P).
0.5*0.5::product.
Q::fair(N) :- between(2, 4, N), Q is 1/N.
query(quarter).
query(event(_)).
query(product).
query(fair(_)).

% expect: quarter = 0.25
% expect: event(low) = 0.1
% expect: event(high) = 0.8
% expect: product = 0.25
% expect: fair(2) = 0.5
% expect: fair(3) = 0.333333333333
% expect: fair(4) = 0.25
