"""An exam timetable: the one that fulfils most wishes and breaks no rule."""
