"""Visual Sudoku: solve pictures of puzzles, tell valid boards, learn digits from the rules alone."""
