"""The count: pure modules over lists of ballots, behind `challenges.tally` and `challenges.stability`."""
