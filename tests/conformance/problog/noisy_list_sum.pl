% The sum of a list whose items are noisy.
0.7::read(I, V); 0.3::read(I, W) :- cell(I, V), W is V+1.
cell(1, 3).
cell(2, 5).
cell(3, 1).
sum([], 0).
sum([I|Is], S) :- read(I, V), sum(Is, R), S is V+R.
query(sum([1,2,3], _)).

% expect: sum([1, 2, 3],12) = 0.027
% expect: sum([1, 2, 3],11) = 0.189
% expect: sum([1, 2, 3],10) = 0.441
% expect: sum([1, 2, 3],9) = 0.343
