% The chest clinic.
0.01::asia.
0.5::smoker.
0.05::tuberculosis :- asia.
0.01::tuberculosis :- \+asia.
0.1::cancer :- smoker.
0.01::cancer :- \+smoker.
0.6::bronchitis :- smoker.
0.3::bronchitis :- \+smoker.
either :- tuberculosis.
either :- cancer.
0.98::xray :- either.
0.05::xray :- \+either.
0.9::dyspnoea :- either, bronchitis.
0.7::dyspnoea :- either, \+bronchitis.
0.8::dyspnoea :- \+either, bronchitis.
0.1::dyspnoea :- \+either, \+bronchitis.
evidence(xray).
evidence(dyspnoea, false).
evidence(smoker).
query(tuberculosis).
query(cancer).
query(bronchitis).

% expect: bronchitis = 0.289531147827
% expect: cancer = 0.433772653556
% expect: tuberculosis = 0.0451123559698
