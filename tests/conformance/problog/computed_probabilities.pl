% Labels whose variables the body binds, by facts or by arithmetic.
rate(low, 1). rate(high, 4).
0.5::doubled.
P::event(K) :- rate(K, N), P is N/8.
P::event2(K) :- rate(K, N), doubled, P is N*0.2.
N/10::event3(K) :- rate(K, N).
query(event(_)).
query(event2(_)).
query(event3(_)).

% expect: event(high) = 0.5
% expect: event(low) = 0.125
% expect: event2(high) = 0.4
% expect: event2(low) = 0.1
% expect: event3(high) = 0.4
% expect: event3(low) = 0.1
