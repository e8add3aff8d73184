% Rules may be written with `<-`.
0.3::rain.
0.5::wet <- rain.
0.2::wet <- \+rain.
0.4::slippery; 0.1::flooded <- wet.
query(wet).
query(slippery).
query(flooded).

% expect: wet = 0.29
% expect: slippery = 0.116
% expect: flooded = 0.029
