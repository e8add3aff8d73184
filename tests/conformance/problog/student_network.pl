% A network whose nodes have three values each.
0.6::difficulty(easy); 0.4::difficulty(hard).
0.7::intelligence(low); 0.3::intelligence(high).
0.3::grade(a); 0.4::grade(b); 0.3::grade(c) :- difficulty(easy), intelligence(low).
0.05::grade(a); 0.25::grade(b); 0.7::grade(c) :- difficulty(hard), intelligence(low).
0.9::grade(a); 0.08::grade(b); 0.02::grade(c) :- difficulty(easy), intelligence(high).
0.5::grade(a); 0.3::grade(b); 0.2::grade(c) :- difficulty(hard), intelligence(high).
0.9::letter :- grade(a).
0.6::letter :- grade(b).
0.01::letter :- grade(c).
evidence(letter).
evidence(difficulty(hard)).
query(intelligence(_)).
query(grade(_)).

% expect: intelligence(high) = 0.572809667674
% expect: grade(c) = 0.0166163141994
% expect: grade(b) = 0.480362537764
% expect: grade(a) = 0.503021148036
% expect: intelligence(low) = 0.427190332326
