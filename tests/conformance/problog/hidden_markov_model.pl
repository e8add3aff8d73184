% Weather seen through umbrellas, four days.
0.6::weather(sun,0); 0.4::weather(rain,0).
0.8::weather(sun,T); 0.2::weather(rain,T) :- between(1,3,T), S is T-1, weather(sun,S).
0.3::weather(sun,T); 0.7::weather(rain,T) :- between(1,3,T), S is T-1, weather(rain,S).
0.9::umbrella(T) :- weather(rain,T).
0.2::umbrella(T) :- weather(sun,T).
evidence(umbrella(0)).
evidence(umbrella(1)).
evidence(umbrella(2), false).
query(weather(rain,1)).
query(weather(rain,2)).
query(weather(sun,3)).
query(umbrella(3)).

% expect: umbrella(3) = 0.401303544625
% expect: weather(sun,3) = 0.712423507678
% expect: weather(rain,2) = 0.175152984644
% expect: weather(rain,1) = 0.740907516453
